/** Writing without the letter, out of what was granted, or into another record of a running server. Nothing is changed. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Resource } from '../../../src/smart/resource.ts'
import { letterOrder } from '../../../src/smart/scope.ts'
import { answersIn, bundle, entry, named, statusesIn, urn } from '../resource/bundles.ts'
import { interactions } from '../resource/interactions.ts'
import { memberBy, members } from '../resource/members.ts'
import { mine, movesAt, strays } from '../resource/moves.ts'
import { observation } from '../resource/records.ts'
import type { Ask } from '../resource/world.ts'
import { anonymous, assertTight, namesIn } from './answers.ts'
import { scopes, writes } from './filtered.ts'
import { useHospital } from './hospital.ts'
import { closed } from './records.ts'

const hospital = useHospital()
const whole = 'patient/*.cruds'

/** Sends a request, and fails when any version of any resource was written by it. */
async function inVain(scope: string, target: string, ask: Ask) {
  const start = await hospital().versions()
  const reply = await hospital().ask(await hospital().mint(scope), target, ask)
  assert.equal(await hospital().versions(), start)
  assertTight(reply)
  return reply
}

describe('SCOPE-04, SCOPE-05, SCOPE-06, SCOPE-07, SCOPE-08, SCOPE-14: every interaction with each of its letters missing', () => {
  for (const [letter, name, target, ask = {}] of interactions) {
    const others = letterOrder.filter((other) => other !== letter).join('')
    for (const scope of [
      `patient/Observation.${others}`,
      `user/*.${others}`,
      'patient/Condition.cruds patient/Patient.cruds',
      '',
    ])
      test(`${name} with «${scope}»`, async () => {
        const reply = await inVain(scope, target, ask)
        assert.equal(reply.status, 403)
        assert.match(reply.headers['www-authenticate'] ?? '', /error="insufficient_scope"/)
        assert.doesNotMatch(reply.body, /secret of/)
      })
  }

  const operations: readonly [letters: string, target: string, ask?: Ask][] = [
    ['cuds', 'Patient/a/$everything'],
    ['crud', 'Patient/a/$everything'],
    ['crud', 'Observation/$lastn?patient=a&code=718-7'],
    ['crud', 'DocumentReference/$docref?patient=a'],
    ['crud', 'Patient/$match', { method: 'POST', body: { resourceType: 'Parameters' } }],
    ['cuds', 'Observation/a-lab/$meta'],
    ['crud', 'Observation/$meta'],
    ['crud', '_history'],
    ['crud', '?_type=Observation'],
    [
      'crud',
      '_search',
      { method: 'POST', body: '_type=Observation', contentType: 'application/x-www-form-urlencoded' },
    ],
  ]
  for (const [letters, target, ask = {}] of operations)
    test(`${target} with ${letters} only`, async () => {
      assert.equal((await inVain(`patient/*.${letters}`, target, ask)).status, 403)
    })
})

describe('AMB-25: writes that a granular scope has no room for', () => {
  for (const [name, target, expected, ask = {}] of writes)
    test(name, async () => {
      const reply = await inVain(scopes, target, ask)
      assert.equal(reply.status, expected, reply.body)
      assertTight(reply, closed)
    })
})

describe('SCOPE-20, AMB-25: a record stays where it is', () => {
  const moves = movesAt('http://hospital.example/fhir').length
  for (let at = 0; at < moves; at++)
    for (const method of ['PUT', 'PATCH', 'conditional PUT'])
      test(`${movesAt('')[at]?.[0]}: not by ${method}`, async () => {
        const [, body] = movesAt(`${hospital().base}/fhir`)[at] ?? []
        assert.ok(body)
        const target = method === 'conditional PUT' ? 'Observation?_id=a-lab' : 'Observation/a-lab'
        const ask = method === 'PATCH' ? patchTo(body) : { method: 'PUT', body }
        assert.equal((await inVain(whole, target, ask)).status, 403)
      })

  for (const [name, body] of strays)
    test(`nothing is created for ${name}`, async () => {
      assert.equal((await inVain(whole, body.resourceType, { method: 'POST', body })).status, 403)
    })

  test('what a transaction calls by another name is judged by its real one', async () => {
    const moved = mine({ subject: { reference: urn('1') } })
    const patient = { resourceType: 'Patient', name: [{ family: 'New' }] }
    const ask = bundle(
      'transaction',
      named(urn('1'), entry('POST', 'Patient', patient)),
      entry('PUT', 'Observation/a-lab', moved),
    )
    assert.equal((await inVain(whole, '', ask)).status, 403)
  })

  for (const reference of ['Patient?_id=b', 'Patient?name:contains=ly-b'])
    test(`a conditional reference «${reference}» finds nobody else`, async () => {
      const { id: _, ...body } = mine({ subject: { reference } })
      const hidden = await inVain(whole, '', bundle('transaction', entry('POST', 'Observation', body)))
      const invented = { ...body, subject: { reference: reference.replace(/b$/, 'z') } }
      const absent = await inVain(whole, '', bundle('transaction', entry('POST', 'Observation', invented)))
      assert.equal(hidden.status, absent.status)
      assert.ok(hidden.status >= 400)
      assert.equal(hidden.body.replaceAll(/=(?:ly-)?b/g, ''), absent.body.replaceAll(/=(?:ly-)?z/g, ''))
    })

  for (const { type, path, id } of members)
    test(`${type}.${path.join('.')}: not into the other record, not over it, and not a word of it`, async () => {
      const created = await inVain(whole, type, { method: 'POST', body: memberBy(type, path, 'b', 'x') })
      assert.equal(created.status, 403)
      const ask = (name: string): Ask => ({ method: 'PUT', body: memberBy(type, path, 'a', name) })
      const absent = 'z'.repeat(id.length)
      const replaced = await inVain(whole, `${type}/${id}`, ask(id))
      const invented = await inVain(whole, `${type}/${absent}`, ask(absent))
      assert.deepEqual(anonymous(replaced, id), anonymous(invented, absent))
      const ended = await inVain(whole, `${type}/${id}`, { method: 'DELETE' })
      const never = await inVain(whole, `${type}/${absent}`, { method: 'DELETE' })
      assert.deepEqual(anonymous(ended, id), anonymous(never, absent))
    })
})

function patchTo(body: Resource): Ask {
  const members = Object.entries(body).filter(([name]) => name === 'subject' || name === 'performer')
  const steps = members.map(([name, value]) => ({ op: 'add', path: `/${name}`, value }))
  return { method: 'PATCH', body: JSON.stringify(steps), contentType: 'application/json-patch+json' }
}

describe('AMB-27: a condition is no oracle', () => {
  const lab = observation('zzzzz', 'a', 'laboratory')
  const { id: _, ...anew } = lab
  const table: readonly [string, (id: string) => string, (id: string) => Ask][] = [
    ['update', (id) => `Observation?_id=${id}`, (id) => ({ method: 'PUT', body: { ...lab, id } })],
    ['patch', (id) => `Observation?_id=${id}`, () => patchTo(lab)],
    ['delete', (id) => `Observation?_id=${id}`, () => ({ method: 'DELETE' })],
    ['delete by a chain', (id) => `DiagnosticReport?result._id=${id}`, () => ({ method: 'DELETE' })],
    ['delete by _has', (id) => `Patient?_has:Observation:subject:_id=${id}`, () => ({ method: 'DELETE' })],
    [
      'create that may not go on',
      () => 'Observation',
      (id) => ({
        method: 'POST',
        headers: { 'if-none-exist': `_id=${id}` },
        body: { ...anew, subject: { reference: 'Patient/b' } },
      }),
    ],
  ]
  for (const [name, target, ask] of table)
    test(`conditional ${name}: another’s resource and none are told alike`, async () => {
      const hidden = await inVain(whole, target('b-lab'), ask('b-lab'))
      const absent = await inVain(whole, target('zzzzz'), ask('zzzzz'))
      assert.deepEqual(anonymous(hidden, 'b-lab'), anonymous(absent, 'zzzzz'))
    })
})

describe('RSRC-08: a wrapper is no disguise', () => {
  test('one forbidden entry of a batch fails by itself, and says nothing', async () => {
    const ask = bundle(
      'batch',
      entry('GET', 'Observation/a-lab'),
      entry('GET', 'Observation/b-lab'),
      entry('GET', 'Observation/zzzzz'),
      entry('POST', 'Observation', observation('x', 'b', 'laboratory')),
      entry('PUT', 'Observation/b-lab', observation('b-lab', 'a', 'laboratory')),
      entry('DELETE', 'Observation/b-lab'),
      entry('GET', 'Patient/b/$everything'),
      entry('GET', 'Observation?patient=b'),
    )
    const reply = await inVain(whole, '', ask)
    assert.deepEqual(statusesIn(reply.body), [200, 404, 404, 403, 404, 404, 404, 200])
    assert.deepEqual(namesIn(reply), ['Observation/a-lab'])
    const [, hidden, absent] = answersIn(reply.body)
    assert.equal(JSON.stringify(hidden).replaceAll('b-lab', 'zzzzz'), JSON.stringify(absent))
  })

  const forbidden: readonly [string, ReturnType<typeof entry>][] = [
    ['a read', entry('GET', 'Observation/b-lab')],
    ['a create', entry('POST', 'Observation', observation('x', 'b', 'laboratory'))],
    ['an update', entry('PUT', 'Observation/b-lab', observation('b-lab', 'a', 'laboratory'))],
    ['a delete', entry('DELETE', 'Observation/b-lab')],
    [
      'a conditional update',
      entry('PUT', 'Observation?_id=a-vital', observation('a-vital', 'b', 'vital-signs')),
    ],
  ]
  for (const [name, one] of forbidden)
    test(`${name} that is forbidden undoes a transaction`, async () => {
      const good = entry('PUT', 'Observation/a-lab', mine({ status: 'amended' }))
      const reply = await inVain(whole, '', bundle('transaction', good, one))
      assert.ok([403, 404].includes(reply.status), reply.body)
    })

  for (const type of ['batch', 'transaction'])
    test(`a ${type} inside of a ${type} is none`, async () => {
      const inner = bundle(type, entry('DELETE', 'Observation/a-lab')).body as Resource
      const reply = await inVain('patient/*.r', '', bundle(type, entry('POST', '', inner)))
      assert.ok(reply.status >= 400 || statusesIn(reply.body).every((status) => status >= 400))
    })
})

test('the queries alone had narrowed everything, and nothing was a fault of ours', () => {
  assert.deepEqual(hospital().faults, [])
})
