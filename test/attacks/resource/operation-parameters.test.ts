/** Hostile parameters of operations: missing, doubled, oversized, of a wrong kind or shape, or not theirs at all. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Ask, callerWith, createWorld, type World } from './world.ts'

const caller = callerWith('user/*.cruds')

let world: World

before(async () => {
  world = await createWorld()
})

const parameters = (...parameter: unknown[]): Ask => ({
  method: 'POST',
  body: { resourceType: 'Parameters', parameter },
})
const person = { resourceType: 'Patient', name: [{ family: 'F', given: ['G'] }] }
const named = { name: 'resource', resource: person }
const long = 'x'.repeat(9000)

const refused: [named: string, target: string, ask?: Ask][] = [
  ['start', 'Patient/a/$everything?start=yesterday'],
  ['start', 'Patient/a/$everything?start=2024-13'],
  ['start', 'Patient/a/$everything?start=2024&start=2023'],
  ['start', 'Patient/a/$everything?start=ge2024'],
  ['start', 'Encounter/a-visit/$everything?start=2024'],
  ['end', 'Patient/a/$everything?end='],
  ['_since', 'Patient/a/$everything?_since=2024-02-30T00:00:00Z'],
  ['_type', 'Patient/a/$everything?_type=Nonsense'],
  ['_type', 'Patient/a/$everything?_type='],
  ['_type', 'Patient/a/$everything?_type=Observation,,Condition'],
  ['_count', 'Patient/a/$everything?_count=0'],
  ['_count', 'Patient/a/$everything?_count=-1'],
  ['_count', 'Patient/a/$everything?_count=1e3'],
  ['_count', 'Patient/a/$everything?_count=99999999999999999999'],
  ['_count', 'Patient/a/$everything?_count=5', parameters({ name: '_count', valueInteger: 5 })],
  ['nonsense', 'Patient/a/$everything?nonsense=1'],
  ['patient', 'Patient/a/$everything?patient=b'],
  ['_count', 'Patient/a/$everything', parameters({ name: '_count', valueString: 'many' })],
  ['_count', 'Patient/a/$everything', parameters({ name: '_count', part: [] })],
  ['_count', 'Patient/a/$everything', parameters({ name: '_count' })],
  ['_count', 'Patient/a/$everything', parameters({ name: '_count', valueInteger: 1, valueString: '2' })],
  ['_type', 'Patient/a/$everything', parameters({ name: '_type', resource: person })],
  ['Parameters.parameter', 'Patient/a/$everything', parameters('text')],
  ['Parameters.parameter', 'Patient/a/$everything', parameters({ valueString: 'x' })],
  [
    'Parameters.parameter',
    'Patient/a/$everything',
    { method: 'POST', body: { resourceType: 'Parameters', parameter: {} } },
  ],
  ['Parameters', 'Patient/a/$everything', { method: 'POST', body: person }],
  ['resource', 'Patient/$match', { method: 'POST' }],
  ['resource', 'Patient/$match', parameters()],
  ['resource', 'Patient/$match', parameters(named, named)],
  ['resource', 'Patient/$match', parameters({ name: 'resource', valueString: 'x' })],
  ['resource', 'Patient/$match', parameters({ name: 'resource', resource: 'x' })],
  ['resource', 'Patient/$match', parameters({ name: 'resource', resource: { resourceType: 'Group' } })],
  ['resource', 'Patient/$match', parameters({ name: 'resource', resource: { resourceType: 'Patient' } })],
  [
    'resource',
    'Patient/$match',
    parameters({ name: 'resource', resource: { ...person, birthDate: 'long ago' } }),
  ],
  ['resource', 'Patient/$match', parameters({ name: 'resource', resource: { ...person, name: 'F' } })],
  ['count', 'Patient/$match', parameters(named, { name: 'count', valueInteger: 0 })],
  [
    'onlyCertainMatches',
    'Patient/$match',
    parameters(named, { name: 'onlyCertainMatches', valueString: 'yes' }),
  ],
  ['patient', 'Observation/$lastn?category=laboratory'],
  ['category', 'Observation/$lastn?patient=a'],
  ['patient', 'Observation/$lastn?patient=Group/a&category=x'],
  ['patient', 'Observation/$lastn?patient=a,b&category=x'],
  ['patient', 'Observation/$lastn?patient=a&patient=b&category=x'],
  ['subject', 'Observation/$lastn?patient=a&subject=b&category=x'],
  ['max', 'Observation/$lastn?patient=a&category=x&max=101'],
  ['max', 'Observation/$lastn?patient=a&category=x&max=all'],
  ['date', 'Observation/$lastn?patient=a&category=x&date=soon'],
  ['code', `Observation/$lastn?patient=a&code=${long}`],
  ['_include', 'Observation/$lastn?patient=a&category=x&_include=Observation:subject'],
  ['patient', 'DocumentReference/$docref'],
  ['patient', 'DocumentReference/$docref?patient='],
  ['patient', 'DocumentReference/$docref?patient=Patient/a/_history/1'],
  ['on-demand', 'DocumentReference/$docref?patient=a&on-demand=true'],
  ['on-demand', 'DocumentReference/$docref?patient=a&on-demand=maybe'],
  ['profile', 'DocumentReference/$docref?patient=a&profile=urn:x'],
  ['end', 'DocumentReference/$docref?patient=a&end=later'],
  ['mode', 'Patient/$validate?mode=destroy', { method: 'POST', body: person }],
  ['mode', 'Patient/$validate?mode=update', { method: 'POST', body: person }],
  ['mode', 'Patient/a/$validate?mode=create', { method: 'POST', body: person }],
  ['profile', 'Patient/$validate?profile=urn:x', { method: 'POST', body: person }],
  [
    'profile',
    'Patient/$validate?profile=http://hl7.org/fhir/StructureDefinition/Group',
    { method: 'POST', body: person },
  ],
  ['resource', 'Patient/$validate'],
  ['resource', 'Patient/a/$validate?mode=profile'],
  ['resource', 'Patient/$validate?resource=Patient/b'],
  ['anything', 'Observation/a-lab/$meta?anything=1'],
  ['_type', '$access?_type=Secrets'],
]

for (const [name, target, ask] of refused)
  test(`${ask ? 'POST' : 'GET'} ${target.slice(0, 80)} ${JSON.stringify(ask?.body ?? '').slice(0, 80)} is 400 and names ${name}`, async () => {
    const reply = await world.ask(caller, target, ask)
    assert.equal(reply.status, 400, reply.body)
    const { resourceType, issue } = JSON.parse(reply.body)
    assert.equal(resourceType, 'OperationOutcome')
    assert.ok(issue[0].diagnostics.includes(name), reply.body)
    assert.ok(reply.body.length < 2000)
    assert.deepEqual(world.faults, [])
  })

test('more parameters than anybody means are refused', async () => {
  const many = Array.from({ length: 201 }, () => '_type=Observation').join('&')
  assert.equal((await world.ask(caller, `Patient/a/$everything?${many}`)).status, 400)
})

test('a name of endless length is told back in part only', async () => {
  const reply = await world.ask(caller, `Patient/a/$everything?${long}=1`)
  assert.equal(reply.status, 400)
  assert.ok(reply.body.length < 400)
})

test('a form, XML and a body that is no JSON are refused', async () => {
  const send = (contentType: string, body: string) =>
    world.ask(caller, 'Patient/a/$everything', { method: 'POST', contentType, body })
  assert.equal((await send('application/x-www-form-urlencoded', '_type=Observation')).status, 415)
  assert.equal((await send('application/fhir+xml', '<Parameters/>')).status, 415)
  assert.equal((await send('application/fhir+json', '{')).status, 400)
})

describe('methods', () => {
  for (const [method, target, allow] of [
    ['GET', 'Patient/$match', 'POST'],
    ['HEAD', 'Patient/$match', 'POST'],
    ['POST', '$access', 'GET'],
  ] as const)
    test(`${method} ${target} is 405 and says what is allowed`, async () => {
      const reply = await world.ask(caller, target, { method })
      assert.deepEqual([reply.status, reply.headers.allow], [405, allow])
    })

  for (const method of ['PUT', 'DELETE', 'PATCH'])
    test(`${method} Patient/a/$everything is no interaction`, async () => {
      assert.equal((await world.ask(caller, 'Patient/a/$everything', { method })).status, 404)
    })
})

describe('$validate looks at no record', () => {
  const nobody = callerWith('')
  const ask = (target: string, body: object = person) => world.ask(nobody, target, { method: 'POST', body })

  test('a token without any scope is enough', async () => {
    const reply = await ask('Patient/$validate')
    assert.deepEqual([reply.status, JSON.parse(reply.body).issue[0].severity], [200, 'information'])
  })

  test('what is wrong is told as errors, with status 200', async () => {
    const reply = await ask('Observation/$validate', { resourceType: 'Observation', status: 'final' })
    const [issue] = JSON.parse(reply.body).issue
    assert.deepEqual([reply.status, issue.severity, issue.expression], [200, 'error', ['Observation.code']])
  })

  test('a resource may come in Parameters, with its mode', async () => {
    const body = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource: person },
        { name: 'mode', valueCode: 'create' },
      ],
    }
    assert.equal((await ask('Patient/$validate', body)).status, 200)
    assert.equal((await ask('Parameters/$validate', { resourceType: 'Parameters' })).status, 200)
  })

  for (const mode of ['mode=delete', 'mode=update', ''])
    test(`an id that exists, one that is hidden and one that is free are told alike: ${mode}`, async () => {
      const answers = ['a', 'b', 'none'].map(async (id) => {
        const { status, headers, body } = await ask(`Patient/${id}/$validate?${mode}`, { ...person, id })
        return { status, headers, body }
      })
      const [first, ...others] = await Promise.all(answers)
      assert.equal(first?.status, 200)
      for (const other of others) assert.deepEqual(other, first)
    })

  test('a resource of another type, or under another id, is refused', async () => {
    assert.equal((await ask('Observation/$validate')).status, 400)
    assert.equal((await ask('Patient/a/$validate?mode=update', { ...person, id: 'b' })).status, 400)
  })
})
