/**
 * Searches that ask about one record and want to learn of another: through chains, `_has`, sort orders, totals,
 * `:missing` and summaries. What is out of reach must not show, neither in what is found nor in how it is told.
 */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Slice } from '../../../src/smart/slice.ts'
import { acrossTypes, counts, pointers, questions, scopedQuestions } from './questions.ts'
import { callerWith, createWorld, found, type World } from './world.ts'

const attacker = callerWith('patient/*.rs')

let world: World

before(async () => {
  world = await createWorld()
  await world.repository.putAll(pointers)
})

const secretLabel: Slice = {
  type: 'Observation',
  compartments: [],
  filter: [{ parameter: 'category', value: 'laboratory' }],
}

describe('SCOPE-20: a chain ends at what is out of reach, as if nothing were there', () => {
  for (const [name, query, entries] of questions)
    test(`${name}: ${query}`, async () => {
      const reply = await world.ask(attacker, query)
      assert.equal(reply.status, 200, reply.body)
      assert.deepEqual(found(reply).entries, entries)
      assert.equal(found(reply).total, entries.length)
      const counted = await world.ask(attacker, `${query}&_summary=count`)
      assert.equal(found(counted).total, entries.length)
    })

  test('a value that exists outside and one that exists nowhere are told byte for byte alike', async () => {
    for (const [secret, invented] of [
      ['DiagnosticReport?result._id=b-lab', 'DiagnosticReport?result._id=no-lab'],
      ['Condition?asserter:Patient.name=Family-b', 'Condition?asserter:Patient.name=Family-x'],
      [
        'Encounter?_has:Condition:encounter:_id=b-pointing',
        'Encounter?_has:Condition:encounter:_id=x-pointing',
      ],
    ] as const) {
      const [first, second] = [await world.ask(attacker, secret), await world.ask(attacker, invented)]
      const plain = (body: string) => body.replaceAll(/b-lab|no-lab|Family-.|.-pointing/g, '')
      assert.equal(plain(first.body), plain(second.body))
      assert.deepEqual({ ...first, body: '' }, { ...second, body: '' })
    }
  })

  for (const [scopes, query, entries] of scopedQuestions)
    test(`with ${scopes}: ${query}`, async () => {
      const reply = await world.ask(callerWith(scopes), query)
      assert.equal(reply.status, 200, reply.body)
      assert.deepEqual(found(reply).entries, entries)
      assert.equal(found(reply).total, entries.length)
    })

  test('what policy withholds is at the end of no chain', async () => {
    const caller = callerWith('patient/*.rs', { withheld: [secretLabel] })
    for (const query of [
      'DiagnosticReport?result._id=a-lab',
      'Patient?_has:Observation:patient:category=laboratory',
    ])
      assert.deepEqual(found(await world.ask(caller, query)).entries, [], query)
  })

  test('a scope with a chain or a reverse chain grants nothing', async () => {
    for (const filter of [
      'subject:Patient.name=Family-a',
      'patient.name=Family-a',
      'subject.name:missing=false',
    ]) {
      const reply = await world.ask(callerWith(`patient/Observation.rs?${filter}`), 'Observation')
      assert.deepEqual([reply.status === 200 ? found(reply).entries : []], [[]], filter)
    }
  })

  const refused = [
    `Observation?${'subject:Patient.link:Patient.'.repeat(4)}name=x`,
    `Observation?subject:Patient.${'link:Patient.'.repeat(5)}name=x`,
    `Patient?${'_has:Observation:subject:subject:Patient.'.repeat(3)}name=x`,
    'Provenance?target.name=x',
    'Observation?subject:Practitioner.name=x',
    'Observation?status.name=x',
    'Observation?subject:Patient.nonsense=x',
    'Observation?subject.=x',
    'Observation?subject:.name=x',
    'Observation?_has=x',
    'Observation?_has:=x',
    'Observation?_has:Observation:x=y',
    'Observation?_has:Hat:subject:code=y',
    'Observation?_has:Condition:encounter:code=y',
    'Observation?_has:Observation:status:code=y',
    'Observation?_has:Observation:has-member:nonsense=y',
    'Observation?_has:Observation:has-member:date=soon',
  ]
  for (const query of refused)
    test(`${query.slice(0, 70)} is refused`, async () => {
      const reply = await world.ask(attacker, query)
      assert.equal(reply.status, 400, reply.body)
    })

  test('an unknown first name is passed over and told, like any unknown parameter', async () => {
    const reply = await world.ask(attacker, 'Observation?nonsense.name=x&_id=a-lab')
    assert.deepEqual(found(reply).entries, ['Observation/a-lab'])
    assert.match(reply.body, /nonsense\.name/)
  })
})

describe('order, totals and summaries tell of nothing but what is in reach', () => {
  for (const [query, total] of counts)
    test(query, async () => {
      const reply = await world.ask(attacker, query)
      assert.equal(reply.status, 200, reply.body)
      assert.equal(found(reply).total, total)
      assert.doesNotMatch(reply.body, /secret of b|"b-lab"/)
    })
})

describe('searches across types and in compartments', () => {
  for (const [scopes, query, entries] of acrossTypes)
    test(`with ${scopes}: ${query}`, async () => {
      const reply = await world.ask(callerWith(scopes), query)
      assert.equal(reply.status, 200, reply.body)
      assert.deepEqual(found(reply).entries.toSorted(), entries)
      assert.equal(found(reply).total, entries.length)
    })

  test('a form at the base searches as the address does, and its pages go on', async () => {
    const ask = {
      method: 'POST',
      body: '_type=Observation&_count=3',
      contentType: 'application/x-www-form-urlencoded',
    }
    const first = JSON.parse((await world.ask(attacker, '_search', ask)).body)
    assert.equal(first.total, 4)
    const next = first.link.find(({ relation }: { relation: string }) => relation === 'next').url
    assert.match(next, /\/fhir\?_page=/)
    const second = await world.ask(attacker, `?${next.split('?')[1]}`)
    assert.equal(found(second).entries.length, 1)
  })

  test('without any letter to search with, a search across types is forbidden', async () => {
    assert.equal((await world.ask(callerWith('patient/*.r'), '?_type=Observation')).status, 403)
    assert.equal((await world.ask(callerWith(''), 'Patient/a/*')).status, 403)
  })

  test('types that do not exist are refused, parameters that not all types have are passed over', async () => {
    assert.equal((await world.ask(attacker, '?_type=Hat')).status, 400)
    const reply = await world.ask(attacker, '?_type=Encounter,Provenance&class=AMB')
    assert.match(reply.body, /class is not supported/)
  })
})

test('the query alone had narrowed everything: no check after it ever dropped a match', () => {
  assert.deepEqual(world.faults, [])
})
