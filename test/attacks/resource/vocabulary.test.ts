/** Value sets and code systems in searches: they say which codes are meant, to those who may read them, and open nothing. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { isSupportedFilter } from '../../../src/resource/search/filter.ts'
import { parseFilter } from '../../../src/smart/filter.ts'
import type { Slice } from '../../../src/smart/slice.ts'
import { bundle, entry } from './bundles.ts'
import { type Ask, callerWith, createWorld, found, type World } from './world.ts'

const attacker = callerWith('patient/*.rs')
const categories = 'http://terminology.hl7.org/CodeSystem/observation-category'

let world: World

before(async () => {
  world = await createWorld()
  await world.repository.putAll([
    {
      resourceType: 'ValueSet',
      id: 'tests',
      url: 'urn:sets:tests',
      status: 'active',
      compose: { include: [{ system: categories, concept: [{ code: 'laboratory' }] }] },
    },
    {
      resourceType: 'ValueSet',
      id: 'drafts',
      url: 'urn:sets:drafts',
      status: 'active',
      compose: {
        include: [{ system: 'http://hl7.org/fhir/observation-status', concept: [{ code: 'preliminary' }] }],
      },
    },
    {
      resourceType: 'ValueSet',
      id: 'filtered',
      url: 'urn:sets:filtered',
      status: 'active',
      compose: {
        include: [{ system: categories, filter: [{ property: 'concept', op: 'is-a', value: 'x' }] }],
      },
    },
    {
      resourceType: 'CodeSystem',
      id: 'categories',
      url: categories,
      status: 'active',
      content: 'complete',
      concept: [{ code: 'any', concept: [{ code: 'laboratory' }, { code: 'vital-signs' }] }],
    },
  ])
})

describe('they say which codes are meant', () => {
  const lab = ['Observation/a-lab', 'Observation/a-lab-draft']
  const vital = ['Observation/a-vital', 'Observation/a-vital-draft']
  const cases: [query: string, entries: string[]][] = [
    ['Observation?category:in=urn:sets:tests', lab],
    ['Observation?category:in=ValueSet/tests', lab],
    ['Observation?category:not-in=urn:sets:tests', vital],
    ['Observation?status:in=urn:sets:drafts', ['Observation/a-lab-draft', 'Observation/a-vital-draft']],
    ['Observation?category:in=urn:sets:tests&status:not-in=urn:sets:drafts', ['Observation/a-lab']],
    [`Observation?category:below=${categories}|any`, [...lab, ...vital]],
    [`Observation?category:below=${categories}|laboratory`, lab],
    [`Observation?category:above=${categories}|laboratory`, lab],
    ['DiagnosticReport?result.category:in=urn:sets:tests', ['DiagnosticReport/a-report']],
    ['Patient?_has:Observation:patient:category:in=urn:sets:tests', ['Patient/a']],
  ]
  for (const [query, entries] of cases)
    test(query, async () => {
      const reply = await world.ask(attacker, query)
      assert.equal(reply.status, 200, reply.body)
      assert.deepEqual(found(reply).entries.toSorted(), entries)
    })
})

describe('what is not there, not readable or not understood is an error, and told alike where it must be', () => {
  const refused = [
    'category:in=urn:sets:none',
    'category:in=urn:sets:filtered',
    'category:in=',
    'category:not-in=urn:sets:none',
    'category:below=urn:none|x',
    `category:below=${categories}|none`,
    'category:below=laboratory',
    'category:above=laboratory',
  ]
  for (const query of refused)
    test(`Observation?${query}`, async () => {
      assert.equal((await world.ask(attacker, `Observation?${query}`)).status, 400)
    })

  test('a value set that no scope lets read, or that is withheld, is told like one that is not there', async () => {
    const withheld: Slice = { type: 'ValueSet', compartments: [], filter: [] }
    for (const caller of [
      callerWith('patient/Observation.rs'),
      callerWith('patient/*.rs', { withheld: [withheld] }),
    ]) {
      const hidden = await world.ask(caller, 'Observation?category:in=urn:sets:tests')
      const absent = await world.ask(caller, 'Observation?category:in=urn:sets:none')
      assert.deepEqual([hidden.status, hidden.body], [400, absent.body])
    }
  })

  test('more of them than anybody needs are refused', async () => {
    const sets = Array.from({ length: 30 }, (_, at) => `urn:sets:${at}`).join(',')
    assert.equal((await world.ask(attacker, `Observation?category:in=${sets}`)).status, 400)
  })

  test('a scope whose filter names a value set grants nothing', async () => {
    const reply = await world.ask(
      callerWith('patient/Observation.rs?category:in=urn:sets:tests'),
      'Observation',
    )
    assert.deepEqual(reply.status === 200 ? found(reply).entries : [], [])
  })
})

describe('conditions and scopes rest on nothing that anybody may change: no value set and no hierarchy counts there', () => {
  const lab = {
    resourceType: 'Observation',
    status: 'final',
    category: [{ coding: [{ system: categories, code: 'laboratory' }] }],
    code: { text: 'x' },
    subject: { reference: 'Patient/a' },
  }
  const writer = callerWith('patient/*.cruds')
  const modifiers = [
    'category:in=urn:sets:tests',
    'category:not-in=urn:sets:tests',
    `category:below=${categories}|any`,
    `category:above=${categories}|laboratory`,
    'category:in=urn:sets:none',
    'performer:Practitioner.qualification:in=urn:sets:tests',
  ]
  const patching = {
    method: 'PATCH',
    contentType: 'application/json-patch+json',
    body: '[{"op":"add","path":"/language","value":"en"}]',
  }
  for (const query of modifiers)
    test(`a condition with ${query} is refused in so many words, and nothing is done`, async () => {
      const before = await world.repository.counts()
      const asks: readonly (readonly [string, Ask])[] = [
        ['Observation', { method: 'POST', body: lab, headers: { 'if-none-exist': query } }],
        [`Observation?${query}`, { method: 'PUT', body: lab }],
        [`Observation?${query}`, patching],
        [`Observation?${query}`, { method: 'DELETE' }],
        ['', bundle('transaction', entry('POST', 'Observation', lab, { ifNoneExist: query }))],
        [
          '',
          bundle(
            'transaction',
            entry('POST', 'Observation', { ...lab, focus: [{ reference: `Observation?${query}` }] }),
          ),
        ],
      ]
      for (const [target, ask] of asks) {
        const reply = await world.ask(writer, target, ask)
        assert.equal(reply.status, 400, `${ask.method} ${target} ${reply.body}`)
        assert.match(reply.body, /are not known here|is not known here|is not supported|not here/)
      }
      assert.deepEqual(await world.repository.counts(), before)
    })

  test('a filter that names one is not supported, so it is in no scope and no policy', () => {
    for (const query of modifiers.slice(0, 4)) {
      const filter = parseFilter(query)
      assert.ok(filter)
      assert.equal(isSupportedFilter('Observation', filter), false, query)
    }
  })

  test('a scope that names one all the same opens nothing on any path', async () => {
    for (const query of modifiers.slice(0, 4)) {
      const caller = callerWith(`patient/Observation.cruds?${query}`)
      for (const target of [
        'Observation',
        'Observation?category=laboratory',
        'Patient/a/Observation',
        'Observation/_history',
      ])
        assert.doesNotMatch((await world.ask(caller, target)).body, /secret of/, `${query} ${target}`)
      assert.equal((await world.ask(caller, 'Observation/a-lab')).status, 404)
      assert.equal((await world.ask(caller, 'Observation', { method: 'POST', body: lab })).status, 403)
    }
  })
})
