/** Reading another record, or more of one’s own than was granted, from a running server: on every path. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { attempts } from '../resource/attempts.ts'
import { admitted, labs, searchesForAll, vainSearches } from '../resource/laboratory.ts'
import { members } from '../resource/members.ts'
import { acrossTypes, counts, questions, scopedQuestions } from '../resource/questions.ts'
import { anonymous, assertTight, namesIn } from './answers.ts'
import { rows, scopes } from './filtered.ts'
import { useHospital } from './hospital.ts'
import { closed } from './records.ts'

const hospital = useHospital()
const whole = 'patient/*.cruds'

/** The same request for what is hidden and for what is not there: the same answer, for the same work. */
async function assertSame(hidden: string, ask: (id: string) => ReturnType<typeof sent>) {
  const absent = 'z'.repeat(hidden.length)
  hospital().statements.take()
  const first = await ask(hidden)
  const work = hospital().statements.take()
  const second = await ask(absent)
  assert.deepEqual(anonymous(first, hidden), anonymous(second, absent))
  assert.deepEqual(work, hospital().statements.take())
  assertTight(first)
  return first
}

const sent = (token: string, target: string, ask?: Parameters<ReturnType<typeof hospital>['ask']>[2]) =>
  hospital().ask(token, target, ask)

describe('SCOPE-20: another patient’s resources of every type of the compartment', () => {
  const ways: readonly ((type: string, id: string) => string)[] = [
    (type, id) => `${type}/${id}`,
    (type, id) => `${type}/${id}/_history/1`,
    (type, id) => `${type}/${id}/_history`,
    (type, id) => `${type}/${id}/$meta`,
    (type, id) => `${type}?_id=${id}`,
    (type, id) => `${type}?_id=${id}&_summary=count`,
    (type, id) => `?_type=${type}&_id=${id}`,
    (type, id) => `Patient/b/${type}?_id=${id}`,
  ]
  for (const { type, path, id } of members)
    test(`${type}.${path.join('.')}: read, vread, history, $meta, searches and counts, as if there were none`, async () => {
      const token = await hospital().mint(whole)
      for (const way of ways) await assertSame(id, (asked) => sent(token, way(type, asked)))
    })

  for (const type of new Set(members.map((member) => member.type)))
    test(`${type}: no list, history or record of everything has one of the other patient`, async () => {
      const token = await hospital().mint(whole)
      for (const target of [
        `${type}?_count=500`,
        `${type}/_history?_count=500`,
        `Patient/a/$everything?_type=${type}`,
        `Patient/b/$everything?_type=${type}`,
        `$access?_type=${type}`,
      ])
        assertTight(await sent(token, target))
    })

  test('a whole record is that of one patient', async () => {
    const token = await hospital().mint(whole)
    const everything = await sent(token, 'Patient/a/$everything')
    assert.ok(namesIn(everything).includes('Observation/a-lab'))
    assertTight(everything)
    await assertSame('b', (id) => sent(token, `Patient/${id}/$everything`))
    await assertSame('b-visit', (id) => sent(token, `Encounter/${id}/$everything`))
  })
})

describe('SCOPE-17: a granular scope on every path', () => {
  for (const [name, target, expected, ask] of rows)
    test(`${name}: ${target}`, async () => {
      const reply = await sent(await hospital().mint(scopes), target, ask)
      assertTight(reply, closed)
      if (typeof expected === 'number') assert.equal(reply.status, expected, reply.body)
      else assert.deepEqual(namesIn(reply), [...new Set(expected)].toSorted(), reply.body)
    })

  for (const target of searchesForAll)
    test(`with laboratory results only: ${target}`, async () => {
      const reply = await sent(await hospital().mint(labs), target)
      assert.deepEqual([namesIn(reply), JSON.parse(reply.body).total], [admitted, 2])
      assertTight(reply, closed)
    })

  for (const target of vainSearches)
    test(`with laboratory results only, in vain: ${target}`, async () => {
      const reply = await sent(await hospital().mint(labs), target)
      assert.deepEqual([namesIn(reply), JSON.parse(reply.body).total], [[], 0])
    })

  test('$access counts what a search finds', async () => {
    const reply = await sent(await hospital().mint(scopes), '$access?_type=Observation')
    assert.match(reply.body, /"name":"count","valueUnsignedInt":2\b/)
    assertTight(reply)
  })

  test('the same scope, asked for and consented to on the pages, has the same two results', async () => {
    const token = await hospital().authorize(`launch/patient ${labs}`)
    const reply = await sent(token, 'Observation')
    assert.deepEqual(namesIn(reply), admitted)
    assert.equal((await sent(token, 'Observation/a-vital')).status, 404)
  })
})

describe('SCOPE-17: two filtered scopes are two slices, never their cross product', () => {
  const two = [
    'patient/Observation.rs?category=laboratory&status=final',
    'patient/Observation.rs?category=vital-signs&status=preliminary',
  ].join(' ')
  const both = ['Observation/a-lab', 'Observation/a-vital-draft']
  const vital = 'Observation?category=vital-signs&status=final'
  const table: readonly [target: string, expected: number | readonly string[]][] = [
    ['Observation/a-lab', 200],
    ['Observation/a-vital-draft', 200],
    ['Observation/a-lab-draft', 404],
    ['Observation/a-vital', 404],
    ['Observation/a-lab-draft/_history/1', 404],
    ['Observation/a-vital/_history', 404],
    ['Observation', both],
    ['Observation/_history', both],
    ['Observation?category=laboratory,vital-signs&status=final,preliminary', both],
    ['Observation?category=laboratory&status=preliminary', []],
    [vital, []],
    ['Patient/a/Observation?status=final', ['Observation/a-lab']],
  ]
  for (const [target, expected] of table)
    test(target, async () => {
      const reply = await sent(await hospital().mint(two), target)
      if (typeof expected === 'number') assert.equal(reply.status, expected)
      else assert.deepEqual(namesIn(reply), expected)
    })

  test('nor do letters cross', async () => {
    const token = await hospital().mint(
      'patient/Observation.r?status=final patient/Observation.s?status=preliminary',
    )
    assert.equal((await sent(token, 'Observation/a-lab-draft')).status, 404)
    assert.deepEqual(namesIn(await sent(token, 'Observation')), [
      'Observation/a-lab-draft',
      'Observation/a-vital-draft',
    ])
  })
})

describe('SCOPE-20: questions about one record are no answers about the other', () => {
  const own: readonly (readonly [string, string, readonly string[]])[] = questions.map(
    ([, query, entries]) => ['patient/*.rs', query, entries] as const,
  )
  for (const [scope, query, entries] of [...own, ...scopedQuestions, ...acrossTypes])
    test(`with ${scope}: ${query}`, async () => {
      const token = await hospital().mint(scope)
      const reply = await sent(token, query)
      assert.deepEqual(namesIn(reply), entries.toSorted())
      assert.equal(JSON.parse(reply.body).total, entries.length)
      const counted = await sent(token, `${query}${query.includes('?') ? '&' : '?'}_summary=count`)
      assert.equal(JSON.parse(counted.body).total, entries.length)
    })

  for (const [query, total] of counts)
    test(`${query} counts ${total}`, async () => {
      const reply = await sent(await hospital().mint('patient/*.rs'), query)
      assert.equal(JSON.parse(reply.body).total, total)
      assertTight(reply)
    })
})

describe('RSRC-03: hidden and absent are the same answer, in status, headers, body and work', () => {
  for (const [name, target, ask] of attempts)
    test(name, async () => {
      const token = await hospital().mint(whole)
      await assertSame('b-lab', (id) => sent(token, target(id), ask?.(id)))
    })

  const known: readonly [string, Record<string, string>][] = [
    ['If-None-Match with its version', { 'if-none-match': 'W/"1"' }],
    ['If-None-Match with any version', { 'if-none-match': '*' }],
    ['If-Modified-Since', { 'if-modified-since': 'Wed, 01 May 2030 12:00:00 GMT' }],
  ]
  for (const [name, headers] of known)
    test(`${name}: no 304, and no ETag`, async () => {
      const token = await hospital().mint(whole)
      for (const suffix of ['', '/_history/1']) {
        const reply = await assertSame('b-lab', (id) =>
          sent(token, `Observation/${id}${suffix}`, { headers }),
        )
        assert.deepEqual(
          [reply.status, reply.headers.etag, reply.headers['last-modified']],
          [404, undefined, undefined],
        )
      }
    })

  for (const suffix of ['', '/_history/1', '/_history/2', '/_history/3', '/_history'])
    test(`what was deleted in another record: document${suffix}`, async () => {
      const token = await hospital().mint(whole)
      const replies = ['gone-b', 'gone-x'].map((id) => sent(token, `DocumentReference/${id}${suffix}`))
      const [gone, never] = await Promise.all(replies)
      assert.ok(gone && never)
      assert.deepEqual(anonymous(gone, 'gone-b'), anonymous(never, 'gone-x'))
      assert.equal(gone.status, 404)
    })
})

test('the queries alone had narrowed everything, and nothing was a fault of ours', () => {
  assert.deepEqual(hospital().faults, [])
})
