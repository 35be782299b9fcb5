/** Searches that would keep everybody waiting: each is given up, told as too costly, and leaves nothing behind. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { kindOfRun } from '../../fixtures/databases.ts'
import { bundle, entry, statusesIn } from './bundles.ts'
import { observation, resourcesAtStart } from './records.ts'
import { type Ask, callerWith, createWorld, found, type World } from './world.ts'

const clinician = callerWith('user/*.cruds', { patient: null })
const many = Array.from({ length: 200 }, (_, at) =>
  observation(`many-${at}`, at % 2 ? 'a' : 'b', 'laboratory'),
)
const dates = Array.from({ length: 100 }, (_, at) => `gt19${String(at).padStart(2, '0')}`).join(',')

// There a statement of one person holds nobody else up, and the server ends it itself, after a minute.
const skip = kindOfRun() === 'PostgreSQL' && 'only SQLite is given up by the clock of this process'

let hurried: World
let patient: World

before(async () => {
  // No time at all: what goes through more than a few resources comes too late.
  hurried = await createWorld([...resourcesAtStart, ...many], undefined, { searchTime: -1 })
  patient = await createWorld([...resourcesAtStart, ...many])
})

const searches = [
  'Observation?_total=accurate',
  'Observation?_summary=count',
  'Observation?_sort=-date',
  `Observation?date=${dates}&_total=accurate`,
  `Observation?status:not=x&date=${dates}&_total=accurate`,
  'Observation?code:text=x&_total=accurate',
  'Patient?_has:Observation:subject:code:text=x',
  'Observation?subject:Patient.name:contains=a&_sort=-date,code',
  'Observation?category=laboratory&_total=accurate',
  '?_type=Observation,Patient&_total=accurate',
  'Patient/a/Observation?_sort=date',
]

for (const search of searches)
  test(`«${search}» is given up, by GET, by POST and in a Bundle`, { skip }, async () => {
    const [path = '', query = ''] = search.split('?')
    const post = {
      method: 'POST',
      body: query,
      contentType: 'application/x-www-form-urlencoded',
    }
    for (const [target, ask] of [
      [search, {}],
      [`${path === '' ? '' : `${path}/`}_search`, post],
    ] as const) {
      const reply = await hurried.ask(clinician, target, ask)
      assert.equal(reply.status, 422, `${target} ${reply.body}`)
      assert.equal(JSON.parse(reply.body).issue[0].code, 'too-costly')
      assert.equal((await patient.ask(clinician, target, ask)).status, 200)
    }
    const read = entry('GET', 'Patient/a')
    const reply = await hurried.ask(clinician, '', bundle('batch', entry('GET', search), read))
    assert.deepEqual(statusesIn(reply.body), [422, 200])
    assert.deepEqual(hurried.faults, [])
  })

test('a condition that takes too long writes nothing', { skip }, async () => {
  const body = { ...observation('x', 'a', 'laboratory'), id: undefined }
  const asks: readonly (readonly [string, Ask])[] = [
    ['Observation', { method: 'POST', body, headers: { 'if-none-exist': 'code:text=x' } }],
    ['Observation?code:text=x', { method: 'PUT', body }],
    ['Observation?code:text=x', { method: 'DELETE' }],
    ['', bundle('transaction', entry('POST', 'Observation', body, { ifNoneExist: 'code:text=x' }))],
  ]
  const count = (await hurried.repository.counts()).Observation
  for (const [target, ask] of asks) assert.equal((await hurried.ask(clinician, target, ask)).status, 422)
  assert.equal((await hurried.repository.counts()).Observation, count)
})

test('what is looked up is not hurried: reads, searches by id, and writes', async () => {
  assert.equal((await hurried.ask(clinician, 'Observation/many-1')).status, 200)
  assert.equal((await hurried.ask(clinician, 'Patient?_id=a')).status, 200)
  const body = observation('many-1', 'a', 'laboratory')
  assert.equal((await hurried.ask(clinician, 'Observation/many-1', { method: 'PUT', body })).status, 200)
})

test('a total that nobody asked for is left out, and the page is there', { skip }, async () => {
  for (const search of ['Observation?status:not=x&_count=2', 'Observation?_count=2']) {
    const late = found(await hurried.ask(clinician, search))
    const inTime = found(await patient.ask(clinician, search))
    assert.equal(late.total, undefined)
    assert.ok((inTime.total ?? 0) > 2)
    assert.deepEqual(late.entries, inTime.entries)
  }
  const access = JSON.parse((await hurried.ask(clinician, '$access?_type=Observation,Patient')).body)
  const parts = access.parameter.filter(({ name }: { name: string }) => name === 'access')
  const counted = parts.map(({ part }: { part: { name: string }[] }) =>
    part.some(({ name }) => name === 'count'),
  )
  assert.deepEqual(counted, [false, true])
})

test('a history of many that takes too long is given up', { skip }, async () => {
  for (const target of ['Observation/_history', '_history'])
    assert.equal((await hurried.ask(clinician, `${target}?_count=1000`)).status, 422)
  assert.equal((await hurried.ask(clinician, 'Observation/many-2/_history')).status, 200)
})
