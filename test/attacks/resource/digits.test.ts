/** A decimal keeps the digits it was sent with, by whichever way it comes and leaves. @see FHIR R4 datatypes, decimal */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { type Ask, callerWith, createWorld, type World } from './world.ts'

const writer = callerWith('user/*.cruds', { patient: null })
const lasting = '"interpretation":[{"text":"as it was"}]'

let world: World

beforeEach(async () => {
  world = await createWorld()
})

/** An Observation with numbers as they stand in `value` and `low`. */
const observation = (value: string, low = '0.50') => `{"resourceType":"Observation","id":"digits",
  "status":"final","code":{"text":"weight"},"subject":{"reference":"https://ehr.example.org/fhir/Patient/a"},
  "valueQuantity":{"value":${value},"unit":"kg"},${lasting},
  "referenceRange":[{"low":{"value":${low}},"text":"[1.10"}]}`

const contentType = 'application/fhir+json'
const put = (body: string): Ask => ({ method: 'PUT', body, contentType })

async function digits(search = ''): Promise<(string | undefined)[]> {
  const { status, body } = await world.ask(writer, `Observation/digits${search}`)
  assert.equal(status, 200, body)
  return [...body.matchAll(/"value": ?([^,}\s]+)/g)].map(([, number]) => number)
}

test('written by update and by create, read plain, indented and in part', async () => {
  assert.equal((await world.ask(writer, 'Observation/digits', put(observation('1.10')))).status, 201)
  assert.deepEqual(await digits(), ['1.10', '0.50'])
  assert.deepEqual(await digits('?_pretty=true'), ['1.10', '0.50'])
  assert.deepEqual(await digits('?_elements=valueQuantity'), ['1.10'])
  assert.deepEqual(await digits('?_summary=data'), ['1.10', '0.50'])
  const created = await world.ask(writer, 'Observation', {
    method: 'POST',
    body: observation('2.00'),
    contentType,
  })
  assert.match(created.body, /"value":2\.00/)
})

test('more digits are another content, the same digits are not', async () => {
  for (const [value, version] of [
    ['1.1', '1'],
    ['1.10', '2'],
    ['1.10', '2'],
  ] as const) {
    const { headers } = await world.ask(writer, 'Observation/digits', put(observation(value)))
    assert.equal(headers.etag, `W/"${version}"`, value)
  }
})

test('found by search with what it is included in, plain, indented and in part', async () => {
  await world.ask(writer, 'Observation/digits', put(observation('1.10')))
  for (const search of ['', '&_pretty=true', '&_elements=valueQuantity'])
    assert.match(
      (await world.ask(writer, `Observation?_id=digits${search}`)).body,
      /"value": ?1\.10\b/,
      search,
    )
  const history = await world.ask(writer, 'Observation/digits/_history?_pretty=true')
  assert.match(history.body, /"value": 1\.10\b/)
})

for (const type of ['transaction', 'batch'])
  test(`sent in a ${type}`, async () => {
    const entry = `{"resource":${observation('1.10', '1E+2')},"request":{"method":"PUT","url":"Observation/digits"}}`
    const body = `{"resourceType":"Bundle","type":"${type}","entry":[${entry}]}`
    const reply = await world.ask(writer, '', { method: 'POST', body, contentType })
    assert.equal(reply.status, 200, reply.body)
    assert.deepEqual(await digits(), ['1.10', '1E+2'])
  })

const patches: [string, Ask][] = [
  [
    'a JSON Patch',
    {
      method: 'PATCH',
      contentType: 'application/json-patch+json',
      body: `[{"op":"test","path":"/valueQuantity/value","value":1.1},
        {"op":"replace","path":"/valueQuantity/value","value":2.50}]`,
    },
  ],
  [
    'a FHIRPath Patch',
    {
      method: 'PATCH',
      contentType,
      body: `{"resourceType":"Parameters","parameter":[{"name":"operation","part":[
        {"name":"type","valueCode":"replace"},{"name":"path","valueString":"Observation.value.value"},
        {"name":"value","valueDecimal":2.50}]}]}`,
    },
  ],
]

for (const [name, ask] of patches)
  test(`${name} leaves alone what it does not name, and writes what it does`, async () => {
    await world.ask(writer, 'Observation/digits', put(observation('1.10')))
    const reply = await world.ask(writer, 'Observation/digits', ask)
    assert.equal(reply.status, 200, reply.body)
    assert.deepEqual(await digits(), ['2.50', '0.50'])
  })

test('a number that is none is refused, not stored as nothing', async () => {
  const reply = await world.ask(writer, 'Observation/digits', put(observation('1e999')))
  assert.equal(reply.status, 422, reply.body)
})
