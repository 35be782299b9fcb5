/** Conditions as questions: what is hidden is no match, and a race makes no second resource. */
import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { observation } from './records.ts'
import { type Ask, callerWith, createWorld, type World } from './world.ts'

const attacker = callerWith('patient/*.cruds')
const clinician = callerWith('user/*.cruds', { patient: null })
const identifier = [{ system: 'urn:x', value: '1' }]
const named = (id: string, patient: string) => ({ ...observation(id, patient, 'laboratory'), identifier })

/** The clock goes on between two worlds. */
const timeless = (body: string) => body.replace(/"lastUpdated":"[^"]*"/, '')

let world: World

beforeEach(async () => {
  world = await createWorld()
})

const { id: _, ...fresh } = named('', 'a')
const create = (condition: string): Ask => ({
  method: 'POST',
  headers: { 'if-none-exist': condition },
  body: fresh,
})
const patch: Ask = {
  method: 'PATCH',
  body: '[{"op":"replace","path":"/status","value":"amended"}]',
  contentType: 'application/json-patch+json',
}
const writes: [string, Ask][] = [
  ['update', { method: 'PUT', body: fresh }],
  ['patch', patch],
  ['delete', { method: 'DELETE' }],
]

describe('SCOPE-08, AMB-27: a condition is no oracle', () => {
  for (const [name, ask] of writes)
    test(`a conditional ${name} tells the same whether another’s resource matches or none`, async () => {
      const hidden = await (await withTheirs()).ask(attacker, 'Observation?identifier=urn:x|1', ask)
      const absent = await (await createWorld()).ask(attacker, 'Observation?identifier=urn:x|1', ask)
      assert.deepEqual([hidden.status, timeless(hidden.body)], [absent.status, timeless(absent.body)])
    })

  test('a conditional create makes its own beside a hidden one, as it would without it', async () => {
    const hidden = await (await withTheirs()).ask(attacker, 'Observation', create('identifier=urn:x|1'))
    const absent = await (await createWorld()).ask(attacker, 'Observation', create('identifier=urn:x|1'))
    assert.deepEqual([hidden.status, hidden.headers.etag], [201, absent.headers.etag])
    assert.deepEqual(JSON.parse(hidden.body).id, JSON.parse(absent.body).id)
  })

  test('a hidden second match is no second match', async () => {
    const both = await withTheirs()
    await both.repository.update(named('mine', 'a'))
    const reply = await both.ask(attacker, 'Observation?identifier=urn:x|1', { method: 'DELETE' })
    assert.equal(reply.status, 204)
    assert.equal((await both.repository.read('Observation', 'theirs'))?.deleted, false)
  })

  test('what may be searched but not deleted is told like what is not there', async () => {
    const narrow = callerWith('patient/Observation.s patient/Observation.d?category=vital-signs')
    const hidden = await world.ask(narrow, 'Observation?_id=a-lab', { method: 'DELETE' })
    assert.equal(hidden.status, 404)
    assert.equal((await world.repository.read('Observation', 'a-lab'))?.deleted, false)
  })

  test('a condition on others’ values by a chain finds nothing of theirs', async () => {
    const query = 'DiagnosticReport?result=Observation/b-lab&subject=Patient/b'
    assert.equal((await world.ask(attacker, query, { method: 'DELETE' })).status, 204)
    assert.equal((await world.repository.read('DiagnosticReport', 'b-report'))?.deleted, false)
  })

  async function withTheirs(): Promise<World> {
    const other = await createWorld()
    await other.repository.update(named('theirs', 'b'))
    return other
  }
})

describe('FHIR R4 http: conditional interactions', () => {
  test('create: a match is answered as it is, several are 412', async () => {
    const first = await world.ask(attacker, 'Observation', create('identifier=urn:x|1'))
    const again = await world.ask(attacker, 'Observation', create('identifier=urn:x|1'))
    assert.deepEqual([first.status, again.status], [201, 200])
    assert.equal(JSON.parse(again.body).id, JSON.parse(first.body).id)
    assert.equal((await world.ask(attacker, 'Observation', create('code=718-7'))).status, 412)
  })

  test('create: of several at once one is stored', async () => {
    const start = (await world.repository.counts()).Observation ?? 0
    const race = [1, 2, 3, 4].map(() => world.ask(attacker, 'Observation', create('identifier=urn:x|1')))
    const statuses = (await Promise.all(race)).map(({ status }) => status).sort()
    // Whoever came after the first was stored is told of it; whoever came at the same time has lost.
    assert.equal(statuses.filter((status) => status === 201).length, 1)
    assert.ok(
      statuses.every((status) => [200, 201, 409].includes(status)),
      statuses.join(),
    )
    assert.equal((await world.repository.counts()).Observation, start + 1)
  })

  test('update: a match is replaced, none is created by whoever may create', async () => {
    const put = (caller: typeof attacker, body: object) =>
      world.ask(caller, 'Observation?identifier=urn:x|1', { method: 'PUT', body })
    const lacking = await put(callerWith('patient/Observation.us'), fresh)
    assert.equal(lacking.status, 403)
    assert.match(lacking.headers['www-authenticate'] ?? '', /scope="patient\/Observation.c"/)
    const created = await put(attacker, fresh)
    const { id } = JSON.parse(created.body)
    const updated = await put(attacker, { ...fresh, status: 'amended' })
    assert.deepEqual([created.status, updated.status, updated.headers.etag], [201, 200, 'W/"2"'])
    assert.equal((await put(attacker, { ...fresh, id: 'another' })).status, 400)
    assert.equal(JSON.parse(updated.body).id, id)
  })

  test('update: an id of the caller’s choice is told the same whether it is hidden or free', async () => {
    const put = (id: string) =>
      world.ask(attacker, 'Observation?identifier=urn:none|1', { method: 'PUT', body: { ...fresh, id } })
    const [hidden, free] = [await put('b-lab'), await put('zzzzz')]
    assert.deepEqual([hidden.status, hidden.body.replaceAll('b-lab', 'zzzzz')], [404, free.body])
    const body = { ...fresh, id: 'a-lab' }
    const taken = await world.ask(clinician, 'Observation?identifier=urn:none|1', { method: 'PUT', body })
    assert.equal(taken.status, 400)
  })

  for (const [name, ask] of writes)
    test(`${name}: several matches are 412, a condition without a question too, and nothing is changed`, async () => {
      for (const query of ['?code=718-7', '?', '', '?_format=json'])
        assert.equal((await world.ask(clinician, `Observation${query}`, ask)).status, 412, query)
      for (const query of ['?_count=1&code=718-7', '?nonsense=1', '?_sort=date&_id=a-lab', '?date=x'])
        assert.equal((await world.ask(clinician, `Observation${query}`, ask)).status, 400, query)
      assert.equal((await world.repository.counts()).Observation, 8)
      assert.equal((await world.repository.read('Observation', 'a-lab'))?.version, '1')
    })

  test('If-Match holds for what a condition names', async () => {
    const ask = { method: 'DELETE', headers: { 'if-match': 'W/"7"' } }
    assert.equal((await world.ask(attacker, 'Observation?_id=a-lab', ask)).status, 412)
    assert.equal((await world.ask(attacker, 'Observation/a-lab', ask)).status, 412)
  })

  test('If-None-Match: * on an update takes a free id, and never what is there', async () => {
    const put = (id: string, caller = clinician) =>
      world.ask(caller, `Observation/${id}`, {
        method: 'PUT',
        headers: { 'if-none-match': '*' },
        body: named(id, 'a'),
      })
    assert.deepEqual([(await put('chosen')).status, (await put('a-lab')).status], [201, 412])
    // To whom the resource is hidden it is not there, and its id is not free.
    assert.deepEqual(
      [(await put('b-lab', attacker)).status, (await put('zzzzz', attacker)).status],
      [404, 404],
    )
  })
})

describe('RFC 9110 §13: conditional reads tell nothing of what is hidden', () => {
  const known: Record<string, string>[] = [
    { 'if-modified-since': 'Wed, 01 May 2030 12:00:00 GMT' },
    { 'if-none-match': '*' },
  ]
  for (const headers of known)
    for (const suffix of ['', '/_history/1'])
      test(`${Object.keys(headers)} on ${suffix || 'the current version'}`, async () => {
        assert.equal((await world.ask(attacker, `Observation/a-lab${suffix}`, { headers })).status, 304)
        const hidden = await world.ask(attacker, `Observation/b-lab${suffix}`, { headers })
        const absent = await world.ask(attacker, `Observation/zzzzz${suffix}`, { headers })
        assert.deepEqual([hidden.status, hidden.headers], [404, absent.headers])
      })
})

test('SCOPE-07: a deletion is answered 204, again 204, and 410 to readers', async () => {
  const first = await world.ask(attacker, 'Observation/a-lab', { method: 'DELETE' })
  assert.deepEqual([first.status, first.body, first.headers.etag], [204, '', 'W/"2"'])
  assert.equal((await world.ask(attacker, 'Observation/a-lab', { method: 'DELETE' })).status, 204)
  assert.equal((await world.ask(attacker, 'Observation/a-lab')).status, 410)
  assert.equal((await world.ask(attacker, 'Observation?_id=a-lab&_summary=count')).status, 200)
  const back = await world.ask(clinician, 'Observation/a-lab', { method: 'PUT', body: named('a-lab', 'a') })
  assert.deepEqual([back.status, back.headers.etag], [201, 'W/"3"'])
})

for (const condition of ['', '_format=json'])
  test(`SCOPE-08: a condition that asks nothing (${condition}) means no resource, be there only one`, async () => {
    for (const [, ask] of writes) {
      const sent =
        typeof ask.body === 'object' ? { ...ask, body: { ...fresh, resourceType: 'DiagnosticReport' } } : ask
      const reply = await world.ask(attacker, `DiagnosticReport?${condition}`, sent)
      assert.equal(reply.status, 412)
    }
    const report = await world.repository.read('DiagnosticReport', 'a-report')
    assert.deepEqual([report?.version, report?.deleted], ['1', false])
  })

for (const [name, target, ask] of [
  ['deletion', 'Observation/a-lab', { method: 'DELETE' }],
  ['patch', 'Observation/a-lab', patch],
  [
    'new label',
    'Observation/a-lab/$meta-add',
    {
      method: 'POST',
      body: {
        resourceType: 'Parameters',
        parameter: [{ name: 'meta', valueMeta: { tag: [{ system: 'urn:x', code: 'y' }] } }],
      },
    },
  ],
] as const)
  test(`a ${name} does not reach a resource that has moved to another record meanwhile`, async () => {
    world.afterNextRecord(() => world.repository.update(observation('a-lab', 'b', 'laboratory')))
    const reply = await world.ask(attacker, target, ask as Ask)
    assert.equal(reply.status, 409)
    const now = await world.repository.read('Observation', 'a-lab')
    assert.deepEqual([now?.version, now?.deleted], ['2', false])
  })
