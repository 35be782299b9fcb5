import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Reach } from '../../smart/slice.ts'
import { formatCursor } from './cursor.ts'
import { planSearch } from './plan-search.ts'
import { SearchError } from './search-error.ts'
import { createVocabulary } from './terminology.ts'

const reach: Reach = { within: [{ type: '*', compartments: [], filter: [] }], without: [] }

function plan(
  query: string,
  { type = 'Observation', strict = false, cursor = undefined as string | undefined } = {},
) {
  const parameters = [...new URLSearchParams(query)]
  return planSearch({
    type,
    parameters,
    reach,
    base: 'http://a/fhir',
    strict,
    ...(cursor !== undefined && { cursor }),
  })
}

/** The parameter that is blamed, or nothing when the search is planned. */
function blamed(query: string, options?: Parameters<typeof plan>[1]): string | undefined {
  try {
    plan(query, options)
    return undefined
  } catch (error) {
    assert.ok(error instanceof SearchError)
    return error.parameter
  }
}

test('an alternative counts by what it stands for', () => {
  const concept = Array.from({ length: 9000 }, (_, at) => ({ code: `c${at}` }))
  const sets = ['a', 'b', 'c'].map((url) => ({
    resourceType: 'ValueSet',
    url,
    compose: { include: [{ system: 'urn:codes', concept }] },
  }))
  const vocabulary = createVocabulary(sets)
  const asked = (value: string) =>
    planSearch({
      type: 'Observation',
      parameters: [['code:in', value]],
      reach,
      base: '',
      strict: true,
      vocabulary,
    })
  assert.doesNotThrow(() => asked('a,b'))
  assert.throws(() => asked('a,b,c'), /code:in/)
  // Without an end to them, these would be more values than there is memory for.
  assert.throws(() => asked(Array(2000).fill('a').join(',')), /code:in/)
})

test('an inclusion that is asked for again is made once', () => {
  assert.equal(plan(Array(50).fill('_revinclude:iterate=*').join('&')).include.length, 1)
})

test('a wrong value is an error that names the parameter, however lenient', () => {
  const wrong: Record<string, string> = {
    'date=soon': 'date',
    'date=2024-13-01': 'date',
    'value-quantity=many': 'value-quantity',
    'value-quantity=1|mg': 'value-quantity',
    'code=|': 'code',
    'code=': 'code',
    'code=,': 'code',
    'patient=a b': 'patient',
    'code:missing=maybe': 'code:missing',
    'code:missing=true,false': 'code:missing',
    '_count=many': '_count',
    '_count=-1': '_count',
    '_total=some': '_total',
    '_lastUpdated=x': '_lastUpdated',
  }
  for (const [query, parameter] of Object.entries(wrong)) assert.equal(blamed(query), parameter, query)
})

test('a modifier that is not built is an error, never passed over', () => {
  for (const name of [
    'code:of-type',
    'identifier:in',
    'subject:below',
    'code-value-quantity:not',
    'code:exact',
    'date:exact',
    'value-string:not',
    'patient:Hat',
    'patient:not',
    'code:',
    'value-quantity:contains',
    '_profile:contains',
    'value-string:text',
    'code:not:not',
  ]) {
    assert.equal(blamed(`${name}=x`), name)
  }
})

test('kinds of search that are not built are errors, strict or not; so are chains where no reach is given', () => {
  for (const name of [
    'patient.name',
    'subject:Patient.name',
    '_has:Provenance:target:agent',
    '_in',
    'near',
    '_filter',
    '_text',
    '_content',
    '_list',
    '_query',
  ]) {
    assert.equal(blamed(`${name}=x`), name)
    assert.equal(blamed(`${name}=x`, { strict: true }), name)
  }
})

test('an unknown parameter is passed over and told, or with strict handling an error', () => {
  assert.deepEqual(plan('colour=red&code=x').ignored, ['colour'])
  assert.equal(blamed('colour=red', { strict: true }), 'colour')
  assert.equal(blamed('name=x', { strict: true }), 'name')
  assert.deepEqual(plan('&').ignored, [])
})

test('an inherited name of JavaScript is no parameter and no type', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    assert.deepEqual(plan(`${name}=x`).ignored, [name])
    assert.deepEqual(plan('code=x', { type: name }).ignored, ['code'])
  }
})

test('sorting', () => {
  const keys = (query: string) =>
    plan(query).plan.sort.map(({ parameter, descending }) => `${descending ? '-' : ''}${parameter.code}`)
  assert.deepEqual(keys('_sort=-date,code,_id'), ['-date', 'code', '_id'])
  assert.deepEqual(keys('_sort:desc=date'), ['-date'])
  assert.deepEqual(keys('_sort:asc=date'), ['date'])
  assert.deepEqual(plan('_sort=colour,date').ignored, ['_sort=colour'])
  assert.equal(blamed('_sort=colour', { strict: true }), '_sort')
})

test('the number on a page is bounded', () => {
  assert.equal(plan('').plan.count, 50)
  assert.equal(plan('_count=3000').plan.count, 1000)
  assert.deepEqual([plan('_count=0').plan.count, plan('_count=0&_total=none').plan.total], [0, true])
  assert.equal(plan('_summary=count').plan.count, 0)
})

test('inclusions are references of the type, or passed over', () => {
  const query =
    '_include=Observation:performer&_include=Observation:performer:Practitioner&_revinclude=Provenance:target'
  assert.deepEqual(plan(query, { strict: true }).include, [
    { reverse: false, type: 'Observation', parameter: 'performer', iterate: false },
    { reverse: false, type: 'Observation', parameter: 'performer', target: 'Practitioner', iterate: false },
    { reverse: true, type: 'Provenance', parameter: 'target', iterate: false },
  ])
  assert.deepEqual(plan('_include=*&_include:iterate=Observation:*&_revinclude=*').include, [
    { reverse: false, type: '*', parameter: '*', iterate: false },
    { reverse: false, type: 'Observation', parameter: '*', iterate: true },
    { reverse: true, type: '*', parameter: '*', iterate: false },
  ])
  for (const value of [
    '*:*',
    'Hat:*',
    'Observation:*:Hat',
    'Observation:code',
    'Observation:performer:Hat',
    'Hat:x',
    'Observation',
    'a:b:c:d',
  ]) {
    assert.deepEqual(plan(`_include=${value}`), { ...plan(''), ignored: [`_include=${value}`] })
    assert.equal(blamed(`_include=${value}`, { strict: true }), '_include')
  }
  assert.equal(blamed('_include:recurse=Observation:performer', { strict: true }), '_include:recurse')
  assert.equal(blamed('_summary=text&_include=*'), '_summary')
})

test('a cursor is read back whole, and nothing else is taken for one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null)), { minLength: 1, maxLength: 1 }),
      fc.nat(),
      (values, row) => {
        const cursor = formatCursor({ values, row })
        assert.deepEqual(plan('_sort=date', { cursor }).plan.after, { values, row })
        assert.equal(blamed('', { cursor }), 'cursor')
      },
    ),
  )
  for (const cursor of [
    '',
    'x',
    '=',
    formatCursor({ values: [], row: 1.5 }),
    Buffer.from('{"row":1}').toString('base64url'),
    'A'.repeat(5000),
  ]) {
    assert.equal(blamed('', { cursor }), 'cursor', cursor)
  }
})

test('what is compared one by one is bounded far below what is looked up', () => {
  const many = (length: number, make: (at: number) => string) =>
    Array.from({ length }, (_, at) => make(at)).join(',')
  assert.equal(blamed(`code=${many(1900, (at) => `c${at}`)}`), undefined)
  assert.equal(blamed(`date=${many(100, (at) => `ge${2000 + at}`)}`), undefined)
  for (const name of ['date', 'value-quantity', 'value-string:contains', 'code-value-quantity'])
    assert.equal(
      blamed(`${name}=${many(101, (at) => (name.startsWith('code') ? `x$${at}` : String(2000 + at)))}`),
      name,
    )
  const dates = Array.from({ length: 6 }, () => `date=${many(90, (at) => `ge${2000 + at}`)}`)
  assert.equal(blamed(dates.join('&')), '')
})

test('hostile queries are planned or refused, in time that grows with their length alone', () => {
  for (const query of [
    `code=${'|'.repeat(100_000)}`,
    `code=${'\\'.repeat(100_000)}`,
    `date=${'2024'.repeat(25_000)}`,
    `${'a:'.repeat(50_000)}=1`,
    `value-quantity=${'1'.repeat(100_000)}`,
  ]) {
    const before = performance.now()
    blamed(query)
    assert.ok(performance.now() - before < 1000, query.slice(0, 20))
  }
  assert.equal(blamed(`code=${'a,'.repeat(3000)}`), 'code')
  assert.equal(blamed(Array.from({ length: 200 }, () => 'code=a').join('&')), '')
})
