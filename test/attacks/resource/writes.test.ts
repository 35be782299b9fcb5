/** Writing one’s way into, out of, or over another record. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Resource } from '../../../src/smart/resource.ts'
import { mine, movesAt, strays } from './moves.ts'
import { observation } from './records.ts'
import { type Ask, base, callerWith, createWorld, found, type World } from './world.ts'

const attacker = callerWith('patient/*.cruds')
const clinician = callerWith('user/*.cruds', { patient: null })

let world: World

beforeEach(async () => {
  world = await createWorld()
})

async function put(caller: typeof attacker, body: Resource, ask: Ask = {}) {
  return world.ask(caller, `${body.resourceType}/${body.id}`, { method: 'PUT', body, ...ask })
}

const other = { reference: 'Patient/b' }

describe('SCOPE-20, AMB-25: a record stays where it is', () => {
  for (const [name, body] of movesAt(base))
    test(`it is not moved ${name}`, async () => {
      assert.equal((await put(attacker, body)).status, 403)
      assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
    })

  test('another patient’s record is not pulled over', async () => {
    assert.equal((await put(attacker, observation('b-lab', 'a', 'laboratory'))).status, 404)
    assert.match((await world.repository.read('Observation', 'b-lab'))?.json ?? '', /secret of b/)
  })

  test('whoever has both records in reach may move it', async () => {
    assert.equal((await put(clinician, observation('a-lab', 'b', 'laboratory'))).status, 200)
  })

  test('scopes for two patients by rights do not add up to a patient scope for both', async () => {
    const compartment = (id: string) => ({ type: '*', compartments: [`Patient/${id}`], filter: [] })
    const letters = ['c', 'r', 'u', 'd', 's'] as const
    const rights = ['a', 'b'].map((id) => ({ letters, slice: compartment(id) }))
    assert.equal((await put(callerWith('patient/*.cruds', { rights }), mine({ subject: other }))).status, 403)
    const guardian = callerWith('user/*.cruds', { rights, patient: null })
    assert.equal((await put(guardian, mine({ subject: other }))).status, 200)
  })
})

describe('SCOPE-04: a create goes into one’s own record only', () => {
  for (const [name, body] of strays)
    test(`not for ${name}`, async () => {
      const start = await world.repository.counts()
      const reply = await world.ask(attacker, body.resourceType, { method: 'POST', body })
      assert.equal(reply.status, 403, reply.body)
      assert.deepEqual(await world.repository.counts(), start)
    })

  test('the id in the body is not taken: nothing is overwritten by POST', async () => {
    const body = observation('b-lab', 'a', 'laboratory')
    const reply = await world.ask(attacker, 'Observation', { method: 'POST', body })
    assert.equal(reply.status, 201)
    assert.equal(reply.headers.location, `${base}/Observation/new-1/_history/1`)
    assert.match((await world.repository.read('Observation', 'b-lab'))?.json ?? '', /secret of b/)
  })

  test('an absolute reference to this server is stored as a relative one, and found', async () => {
    const body = mine({ subject: { reference: `${base}/Patient/a` } })
    const reply = await world.ask(attacker, 'Observation', { method: 'POST', body })
    assert.equal(JSON.parse(reply.body).subject.reference, 'Patient/a')
    assert.equal(found(await world.ask(attacker, 'Observation?patient=a&_count=0')).total, 5)
  })

  test('version and time of change are ours, whatever the body says', async () => {
    const body = mine({
      meta: { versionId: '99', lastUpdated: '1999-01-01T00:00:00Z', tag: [{ code: 'kept' }] },
    })
    const { meta } = JSON.parse((await world.ask(attacker, 'Observation', { method: 'POST', body })).body)
    assert.equal(meta.versionId, '1')
    assert.match(meta.lastUpdated, /^2024-05-01T/)
    assert.equal(meta.tag[0].code, 'kept')
  })

  for (const condition of ['If-Match', 'If-None-Match', 'If-Unmodified-Since'])
    test(`${condition} is refused, never ignored`, async () => {
      const headers = { [condition.toLowerCase()]: 'identifier=1' }
      const start = await world.repository.counts()
      const reply = await world.ask(attacker, 'Observation', { method: 'POST', headers, body: mine({}) })
      assert.equal(reply.status, 501)
      assert.deepEqual(await world.repository.counts(), start)
    })
})

describe('SCOPE-06: an id of the caller’s choice', () => {
  test('is told the same whether it is hidden or free, and nothing is stored', async () => {
    const attempt = (id: string) => put(attacker, observation(id, 'a', 'laboratory'))
    const [hidden, free] = [await attempt('b-lab'), await attempt('zzzzz')]
    assert.deepEqual([hidden.status, free.status], [404, 404])
    assert.equal(hidden.body.replaceAll('b-lab', 'zzzzz'), free.body)
  })

  test('may be taken by whoever may update everything of the type', async () => {
    const reply = await put(clinician, observation('chosen', 'a', 'laboratory'))
    assert.equal(reply.status, 201)
    assert.equal(reply.headers.location, `${base}/Observation/chosen/_history/1`)
  })

  test('may not be taken when something of the type is withheld', async () => {
    const withheld = [
      { type: 'Observation', compartments: [], filter: [{ parameter: 'status', value: 'preliminary' }] },
    ]
    const caller = callerWith('user/*.cruds', { patient: null, withheld })
    assert.equal((await put(caller, observation('chosen', 'a', 'laboratory'))).status, 404)
    assert.equal((await put(caller, observation('a-lab-draft', 'a', 'laboratory'))).status, 404)
  })
})

describe('versions and preferences of writes', () => {
  test('a stale If-Match is 412 and stores nothing; the current one is taken', async () => {
    const body = mine({ valueString: 'new' })
    assert.equal((await put(attacker, body, { headers: { 'if-match': 'W/"7"' } })).status, 412)
    assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
    const reply = await put(attacker, body, { headers: { 'if-match': 'W/"1"' } })
    assert.deepEqual([reply.status, reply.headers.etag], [200, 'W/"2"'])
  })

  test('of updates at the same time none is lost: each is a version of its own, or 409', async () => {
    const race = ['one', 'two', 'three'].map((valueString) => put(attacker, mine({ valueString })))
    const statuses = (await Promise.all(race)).map(({ status }) => status)
    const stored = statuses.filter((status) => status === 200).length
    assert.ok(stored > 0 && statuses.every((status) => [200, 409].includes(status)), statuses.join())
    assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, String(1 + stored))
  })

  test('of updates of the same version at the same time one is stored', async () => {
    const headers = { 'if-match': 'W/"1"' }
    const race = ['one', 'two', 'three'].map((valueString) =>
      put(attacker, mine({ valueString }), { headers }),
    )
    const statuses = (await Promise.all(race)).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [200, 412, 412])
    assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '2')
  })

  test('minimal sends nothing back, OperationOutcome only the outcome', async () => {
    const minimal = await put(attacker, mine({ valueString: 'x' }), { headers: { prefer: 'return=minimal' } })
    assert.equal(minimal.body, '')
    const outcome = await put(attacker, mine({ valueString: 'y' }), {
      headers: { prefer: 'return=OperationOutcome' },
    })
    assert.equal(JSON.parse(outcome.body).resourceType, 'OperationOutcome')
  })

  test('an invalid resource is 422 and names the element', async () => {
    const reply = await put(attacker, mine({ status: undefined, nonsense: true }))
    assert.equal(reply.status, 422)
    assert.match(reply.body, /Observation\.(status|nonsense)/)
    assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
  })
})

test('the same mistake in every element is told a hundred times and no more', async () => {
  const reply = await put(attacker, mine({ note: Array.from({ length: 1000 }, () => 1) }))
  assert.equal(reply.status, 422)
  assert.equal(JSON.parse(reply.body).issue.length, 100)
})
