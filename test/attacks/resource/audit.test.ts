/** Access that tries to leave no trace. */
import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { observation } from './records.ts'
import { type Ask, callerWith, createWorld, nextOf, type World } from './world.ts'

const caller = callerWith('patient/*.cruds')
const created = { method: 'POST', body: observation('x', 'a', 'laboratory') }

let world: World

beforeEach(async () => {
  world = await createWorld()
})

const requests: [string, Ask?][] = [
  ['Observation/a-lab'],
  ['Observation/a-lab', { headers: { 'if-none-match': 'W/"1"' } }],
  ['Observation'],
  ['Observation?_summary=count'],
  ['Observation/b-lab'],
  ['Observation/a-lab/_history'],
  ['Observation', created],
  ['Observation/a-lab', { method: 'PUT', body: observation('a-lab', 'a', 'laboratory', 'amended') }],
  ['nonsense'],
]

for (const [target, ask] of requests)
  test(`${ask?.method ?? 'GET'} ${target} is not answered when it cannot be put on record, and nothing is stored`, async () => {
    const start = await world.repository.counts()
    world.breakAudit()
    const reply = await world.ask(caller, target, ask)
    assert.equal(reply.status, 503)
    assert.doesNotMatch(reply.body, /secret|disk/)
    assert.equal(reply.headers.etag, undefined)
    assert.deepEqual(await world.repository.counts(), start)
    assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
  })

test('the CapabilityStatement needs no record', async () => {
  world.breakAudit()
  assert.equal((await world.ask(caller, 'metadata')).status, 200)
  assert.deepEqual(await world.trail(), [])
})

test('a read is on record with app, user, grant, patient and resource', async () => {
  await world.ask(caller, 'Observation/a-lab')
  const [record] = await world.trail()
  assert.deepEqual(record?.event, {
    kind: 'fhir-access',
    outcome: 'success',
    actor: { user: 'user-1', client: 'app-1', grant: 'grant-1', token: 'token-1' },
    asked: { interaction: 'read', type: 'Observation', id: 'a-lab' },
    status: 200,
    patients: ['a'],
    resources: ['Observation/a-lab'],
  })
})

test('a search is on record with its whole query, its results and their patients', async () => {
  const body = 'category=laboratory'
  const contentType = 'application/x-www-form-urlencoded'
  await world.ask(caller, 'Observation/_search?patient=a', { method: 'POST', body, contentType })
  const [record] = await world.trail()
  assert.ok(record?.event.kind === 'fhir-access')
  assert.equal(record.event.asked.query, 'patient=a&category=laboratory')
  assert.deepEqual(record.event.resources, ['Observation/a-lab', 'Observation/a-lab-draft'])
  assert.deepEqual(record.event.patients, ['a'])
})

for (const [name, target, ask] of [
  ['a search', 'Observation?patient=a&access_token=SECRET'],
  ['a search of an odd spelling', 'Observation?patient=a&access%5Ftoken=SECRET&_count=1'],
  [
    'a form',
    'Observation/_search',
    {
      method: 'POST',
      body: 'patient=a&access_token=SECRET',
      contentType: 'application/x-www-form-urlencoded',
    },
  ],
  ['a search that is not understood', 'Observation?access_token=SECRET&date=yesterday'],
  ['a search that is refused', 'Practitioner?access_token=SECRET'],
  ['an operation', 'Patient/a/$everything?access_token=SECRET'],
  ['a history', 'Observation/a-lab/_history?access_token=SECRET'],
  [
    'an entry of a batch',
    '',
    {
      method: 'POST',
      body: {
        resourceType: 'Bundle',
        type: 'batch',
        entry: [{ request: { method: 'GET', url: 'Observation?access_token=SECRET&patient=a' } }],
      },
    },
  ],
] as readonly (readonly [string, string, Ask?])[])
  test(`RFC-18: a token that an app puts into ${name} as well is not kept in the trail`, async () => {
    await world.ask(callerWith('patient/Observation.rs patient/Patient.rs'), target, ask)
    const trail = await world.trail()
    assert.notEqual(trail.length, 0)
    assert.doesNotMatch(JSON.stringify(trail), /SECRET/)
  })

test('a page is on record with the search that it goes on with', async () => {
  const first = await world.ask(caller, 'Observation?code=718-7&_count=1')
  await world.ask(caller, nextOf(first) ?? '')
  const queries = (await world.trail()).map(({ event }) => event.kind === 'fhir-access' && event.asked.query)
  assert.deepEqual(queries, ['code=718-7&_count=1', 'code=718-7&_count=1'])
})

test('a refusal is on record with its reason', async () => {
  await world.ask(callerWith('patient/Condition.rs'), 'Observation/a-lab')
  const [record] = await world.trail()
  assert.deepEqual([record?.event.outcome, record?.event.reason], ['refused', 'forbidden: scope'])
})

test('an attempt to write into another record is on record with that record', async () => {
  await world.ask(caller, 'Observation', { ...created, body: observation('x', 'b', 'laboratory') })
  const [record] = await world.trail()
  assert.ok(record?.event.kind === 'fhir-access')
  assert.deepEqual([record.event.outcome, record.event.patients], ['refused', ['b']])
})

test('a write that fails after it was allowed is on record twice: as allowed, then as failed', async () => {
  const body = observation('a-lab', 'a', 'laboratory')
  world.afterNextRecord(() => world.repository.update({ ...body, valueString: 'somebody was faster' }))
  await world.ask(caller, 'Observation/a-lab', { method: 'PUT', body: { ...body, valueString: 'mine' } })
  assert.deepEqual(
    (await world.trail()).map(({ event }) => event.outcome),
    ['success', 'failed'],
  )
})

test('what is malformed or unknown is on record as failed', async () => {
  await world.ask(caller, 'Observation', { method: 'POST', body: '{', contentType: 'application/json' })
  await world.ask(caller, 'Nonsense/1')
  assert.deepEqual(
    (await world.trail()).map(({ event }) => event.outcome),
    ['failed', 'failed'],
  )
})
