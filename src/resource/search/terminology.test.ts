import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVocabulary } from './terminology.ts'

const codes = (found: ReturnType<ReturnType<typeof createVocabulary>['members']>) =>
  typeof found === 'string' ? found : found.map(({ system, code }) => `${system}|${code ?? ''}`).sort()

const valueSet = (rest: object) => ({
  resourceType: 'ValueSet',
  id: 'one',
  url: 'urn:set',
  version: '2',
  ...rest,
})
const members = (rest: object, name = 'urn:set') => codes(createVocabulary([valueSet(rest)]).members(name))

test('a value set is what it lists, and whole systems', () => {
  const include = [{ system: 'urn:a', concept: [{ code: 'x' }, { code: 'y' }] }, { system: 'urn:b' }]
  for (const name of ['urn:set', 'urn:set|2', 'ValueSet/one'])
    assert.deepEqual(members({ compose: { include } }, name), ['urn:a|x', 'urn:a|y', 'urn:b|'])
})

test('an expansion counts when it is whole, with what is nested in it and without what is abstract', () => {
  const contains = [
    { system: 'urn:a', code: 'top', abstract: true, contains: [{ system: 'urn:a', code: 'x' }] },
    { system: 'urn:b', code: 'y' },
  ]
  assert.deepEqual(members({ expansion: { contains, total: 3 } }), ['urn:a|x', 'urn:b|y'])
  assert.match(String(members({ expansion: { contains, total: 4 } })), /not whole/)
})

test('what cannot be told is said, never taken for empty', () => {
  const refused: [object, RegExp][] = [
    [{}, /no codes/],
    [{ compose: { include: [] } }, /only value sets that list/],
    [
      { compose: { include: [{ system: 'urn:a', filter: [{ property: 'p', op: '=', value: 'v' }] }] } },
      /only/,
    ],
    [{ compose: { include: [{ valueSet: ['urn:other'] }] } }, /only/],
    [{ compose: { include: [{ system: 'urn:a' }], exclude: [{ system: 'urn:b' }] } }, /exclude/],
  ]
  for (const [rest, reason] of refused) assert.match(String(members(rest)), reason)
  assert.match(String(members({}, 'urn:other')), /no such value set/)
  assert.match(String(members({}, 'urn:set|1')), /no such value set/)
})

test('a hierarchy is that of nested concepts, however deep', () => {
  const system = {
    resourceType: 'CodeSystem',
    url: 'urn:a',
    concept: [{ code: 'animal', concept: [{ code: 'dog', concept: [{ code: 'poodle' }] }, { code: 'cat' }] }],
  }
  const vocabulary = createVocabulary([system])
  assert.deepEqual(codes(vocabulary.below('urn:a', 'dog')), ['urn:a|dog', 'urn:a|poodle'])
  assert.deepEqual(codes(vocabulary.above('urn:a', 'dog')), ['urn:a|animal', 'urn:a|dog'])
  assert.match(String(vocabulary.below('urn:a', 'stone')), /no code/)
  assert.match(String(vocabulary.below('urn:b', 'dog')), /no such code system/)
  let nested: object = { code: 'last' }
  for (let at = 0; at < 20_000; at++) nested = { code: `c${at}`, concept: [nested] }
  const deep = createVocabulary([{ ...system, concept: [nested] }])
  assert.match(String(deep.below('urn:a', 'c19999')), /more than/)
  assert.deepEqual(codes(deep.below('urn:a', 'last')), ['urn:a|last'])
})

test('thousands of codes of one system cost one look at it', () => {
  const concept = Array.from({ length: 100_000 }, (_, at) => ({ code: `c${at}` }))
  const vocabulary = createVocabulary([{ resourceType: 'CodeSystem', url: 'urn:a', concept }])
  for (let at = 0; at < 50_000; at++)
    assert.deepEqual(codes(vocabulary.below('urn:a', `c${at}`)), [`urn:a|c${at}`])
})
