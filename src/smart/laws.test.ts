/** Laws that hold for every scope, grant and slice, tried on random ones. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Compartment, patientsOf } from './compartment.ts'
import { type Authority, type Right, reachOf } from './decision.ts'
import { alternatives, type Filter } from './filter.ts'
import {
  covers,
  formatGrant,
  type Grant,
  intersect,
  narrow,
  parseGrant,
  resourceScopes,
  simplify,
} from './grant.ts'
import type { Resource } from './resource.ts'
import { formatScope, letterOrder, orderLetters, parseScope, type Scope } from './scope.ts'
import {
  type HeldBack,
  inReach,
  intersect as intersectSlices,
  type Slice,
  sliceCovers,
  union,
  unionHeld,
} from './slice.ts'

/** Records as object literals make them, so that they compare equal to those. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record<T>(model, { noNullPrototype: true })
}

const runs = { numRuns: 400 }

// Few types, parameters and values, so that random scopes meet often.
const level = fc.constantFrom('patient', 'user', 'system')
const type = fc.constantFrom('Observation', 'Condition', '*')
const letters = fc.subarray([...letterOrder], { minLength: 1 }).map(orderLetters)
const value = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }).map((all) => all.join(','))
const item = record({ parameter: fc.constantFrom('category', 'status'), value })
const filter: fc.Arbitrary<Filter> = fc.array(item, { maxLength: 2 })
const anyText = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((text) => !/\p{Cc}|\p{Cs}/u.test(text))
const anyFilter: fc.Arbitrary<Filter> = fc.array(
  record({
    parameter: fc.constantFrom('category', 'code:in', 'patient.birthdate', '_filter'),
    value: anyText,
  }),
  { maxLength: 3 },
)

function resourceScope(filters: fc.Arbitrary<Filter>): fc.Arbitrary<Scope> {
  const version2 = record({
    kind: fc.constant('resource' as const),
    level,
    type,
    letters,
    filter: filters,
    version: fc.constant(2 as const),
  })
  const word = fc.constantFrom('read', 'write', '*')
  const version1 = fc.tuple(level, type, word).map(([l, t, w]) => parseScope(`${l}/${t}.${w}`) as Scope)
  return fc.oneof(
    { weight: 3, arbitrary: version2 as fc.Arbitrary<Scope> },
    { weight: 1, arbitrary: version1 },
  )
}

const named = fc
  .constantFrom(
    'launch',
    'launch/patient',
    'launch/list?role=x',
    'openid',
    'fhirUser',
    'offline_access',
    '__own',
  )
  .map((text) => parseScope(text) as Scope)
const scope = fc.oneof({ weight: 4, arbitrary: resourceScope(filter) }, { weight: 1, arbitrary: named })
const grant: fc.Arbitrary<Grant> = fc.array(scope, { maxLength: 4 }).map((scopes) => ({ scopes }))

const patients = ['1', '2']
const resource: fc.Arbitrary<Resource> = record({
  resourceType: fc.constantFrom('Observation', 'Condition'),
  subject: fc.constantFrom(...patients).map((id) => ({ reference: `Patient/${id}` })),
  category: fc.constantFrom('a', 'b', 'c'),
  status: fc.constantFrom('a', 'b', 'c'),
})

function matches(one: Resource, wanted: Filter): boolean {
  return wanted.every(({ parameter, value: text }) => alternatives(text).includes(String(one[parameter])))
}

/** What a grant allows, worked out the slow and obvious way: some scope names level, type, letter and matches. */
function allows(held: Grant, scopeLevel: string, letter: string, one: Resource): boolean {
  return held.scopes.some(
    (other) =>
      other.kind === 'resource' &&
      other.level === scopeLevel &&
      (other.type === '*' || other.type === one.resourceType) &&
      other.letters.some((has) => has === letter) &&
      matches(one, other.filter),
  )
}

test('SCOPE-01: parse after format is identity, for any value a scope can have', () => {
  const any = fc.oneof(resourceScope(anyFilter), named)
  fc.assert(
    fc.property(any, (one) => assert.deepEqual(parseScope(formatScope(one)), one)),
    runs,
  )
})

test('SCOPE-32: the URI form is read, and written back as it came', () => {
  for (const text of [
    'http://smarthealthit.org/fhir/scopes/patient/*.r',
    'http://openid.net/specs/openid-connect-core-1_0#openid',
  ]) {
    assert.equal(formatScope(parseScope(text) as Scope), text)
  }
  assert.equal(parseScope('http://smarthealthit.org/fhir/scopes/patient/*.sr'), undefined)
})

test('RFC-28: no text that is not a whole scope token is read as one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const found = parseScope(text)
      if (found) assert.deepEqual(parseScope(formatScope(found)), found)
      if (/[^\x21\x23-\x5b\x5d-\x7e]/.test(text)) assert.equal(found, undefined)
    }),
    runs,
  )
})

test('cover is reflexive, transitive, and mutual only between grants that allow the same', () => {
  fc.assert(
    fc.property(grant, grant, grant, resource, (a, b, c, one) => {
      assert.ok(covers(a, a))
      if (covers(a, b) && covers(b, c)) assert.ok(covers(a, c))
      if (covers(a, b) && covers(b, a)) {
        for (const letter of letterOrder)
          assert.equal(allows(a, 'patient', letter, one), allows(b, 'patient', letter, one))
      }
    }),
    { numRuns: 2000 },
  )
})

test('cover is sound: what the covered grant allows, the covering one allows', () => {
  fc.assert(
    fc.property(grant, grant, resource, level, fc.constantFrom(...letterOrder), (a, b, one, at, letter) => {
      if (covers(a, b) && allows(b, at, letter, one)) assert.ok(allows(a, at, letter, one))
    }),
    { numRuns: 2000 },
  )
})

test('SCOPE-15: simplify changes the words, never what is allowed', () => {
  fc.assert(
    fc.property(grant, resource, level, fc.constantFrom(...letterOrder), (a, one, at, letter) => {
      assert.equal(allows(simplify(a), at, letter, one), allows(a, at, letter, one))
      assert.ok(covers(a, simplify(a)) && covers(simplify(a), a))
    }),
    runs,
  )
})

test('an intersection covers nothing that one of the two does not', () => {
  fc.assert(
    fc.property(grant, grant, grant, resource, fc.constantFrom(...letterOrder), (a, b, c, one, letter) => {
      const both = intersect(a, b)
      assert.ok(covers(a, both) && covers(b, both))
      if (covers(both, c)) assert.ok(covers(a, c) && covers(b, c))
      assert.equal(
        allows(both, 'user', letter, one),
        allows(a, 'user', letter, one) && allows(b, 'user', letter, one),
      )
    }),
    { numRuns: 2000 },
  )
})

test('REFR-10: narrowing gives what was asked, or nothing when it is more than was granted', () => {
  fc.assert(
    fc.property(grant, grant, (granted, asked) => {
      const narrowed = narrow(granted, asked)
      if (narrowed) assert.ok(covers(granted, narrowed))
      assert.equal(narrowed !== undefined, covers(granted, asked))
    }),
    runs,
  )
})

const some = fc.subarray(patients.map((id) => `Patient/${id}`))
const oneOrSeveral: fc.Arbitrary<Compartment> = fc.oneof(
  fc.constantFrom(...patients.map((id) => `Patient/${id}`)),
  some,
)
const compartments = fc.array(oneOrSeveral, { maxLength: 2 })
const slice: fc.Arbitrary<Slice> = record({ type, compartments, filter })
const heldBack: fc.Arbitrary<HeldBack> = fc.oneof(slice, record({ type, compartments, filter, except: some }))

function has(one: Resource, other: HeldBack): boolean {
  const own = patientsOf(one).map((id) => `Patient/${id}`)
  const isOnlyOf = (names: readonly string[]) => own.length > 0 && own.every((name) => names.includes(name))
  return (
    (other.type === '*' || other.type === one.resourceType) &&
    other.compartments.every((names) => [names].flat().some((name) => own.includes(name))) &&
    !isOnlyOf(other.except ?? []) &&
    matches(one, other.filter)
  )
}

test('slices: union and intersection mean "in one of" and "in both"; cover is sound', () => {
  const slices = fc.array(slice, { maxLength: 3 })
  fc.assert(
    fc.property(slices, slices, fc.array(heldBack, { maxLength: 3 }), resource, (a, b, held, one) => {
      const isHeld = held.some((other) => has(one, other))
      assert.equal(
        inReach(one, { within: a, without: unionHeld(held) }, matches),
        a.some((other) => has(one, other)) && !isHeld,
      )
      for (const wide of held)
        for (const close of held) if (sliceCovers(wide, close) && has(one, close)) assert.ok(has(one, wide))
      const inA = a.some((other) => has(one, other))
      const inB = b.some((other) => has(one, other))
      assert.equal(inReach(one, { within: union([...a, ...b]), without: [] }, matches), inA || inB)
      assert.equal(inReach(one, { within: intersectSlices(a, b), without: [] }, matches), inA && inB)
      assert.equal(inReach(one, { within: a, without: b }, matches), inA && !inB)
      for (const wide of a)
        for (const close of b) if (sliceCovers(wide, close) && has(one, close)) assert.ok(has(one, wide))
    }),
    { numRuns: 2000 },
  )
})

test('SCOPE-17: holding back more never shows anything, also where a filter cannot be told', () => {
  const tells = (one: Resource, asked: Filter) =>
    one.resourceType === 'Condition' && asked.some(({ parameter }) => parameter === 'status')
      ? undefined
      : matches(one, asked)
  const held = fc.array(heldBack, { maxLength: 4 })
  const within: Slice[] = [{ type: '*', compartments: [], filter: [] }]
  fc.assert(
    fc.property(held, resource, (all, one) => {
      const isShown = (without: readonly HeldBack[]) => inReach(one, { within, without }, tells)
      assert.equal(isShown(unionHeld(all)), isShown(all))
    }),
    { numRuns: 5000 },
  )
})

test('RSRC-09: no decision admits a resource that scopes, context, rights or policy refuse', () => {
  const right: fc.Arbitrary<Right> = record({ letters, slice })
  const authority: fc.Arbitrary<Authority> = record({
    scopes: grant.map(resourceScopes),
    patient: fc.constantFrom(...patients),
    rights: fc.array(right, { maxLength: 3 }),
    withheld: fc.array(heldBack, { maxLength: 2 }),
  })
  fc.assert(
    fc.property(authority, resource, fc.constantFrom(...letterOrder), (holder, one, letter) => {
      const inContext = patientsOf(one).includes(holder.patient ?? '')
      const granted =
        allows({ scopes: holder.scopes }, 'user', letter, one) ||
        allows({ scopes: holder.scopes }, 'system', letter, one) ||
        (inContext && allows({ scopes: holder.scopes }, 'patient', letter, one))
      const may = holder.rights.some((own) => own.letters.includes(letter) && has(one, own.slice))
      const expected = granted && may && !holder.withheld.some((other) => has(one, other))
      assert.equal(inReach(one, reachOf(holder, letter, one.resourceType), matches), expected)
      assert.equal(inReach(one, reachOf(holder, letter, '*'), matches), expected)
    }),
    { numRuns: 5000 },
  )
})

test('a filter that cannot be told neither admits a resource nor lets a withheld one through', () => {
  const one: Resource = { resourceType: 'Observation', subject: { reference: 'Patient/1' } }
  const all: Slice = { type: '*', compartments: [], filter: [] }
  const odd: Slice = { type: '*', compartments: [], filter: [{ parameter: 'unheard-of', value: 'x' }] }
  const cannotTell = () => undefined
  assert.equal(inReach(one, { within: [all], without: [] }, cannotTell), true)
  assert.equal(inReach(one, { within: [odd], without: [] }, cannotTell), false)
  assert.equal(inReach(one, { within: [all], without: [odd] }, cannotTell), false)
})

// A parser that goes over its input more than a few times would not come back from these within the suite's patience.
const megabyte = 1024 * 1024
const hostile: Readonly<Record<string, string>> = {
  'one endless word': 'a'.repeat(megabyte),
  'one endless type': `patient/${'A'.repeat(megabyte)}.rs`,
  'letters without end': `patient/Observation.${'cruds'.repeat(megabyte / 5)}`,
  'endless parameter': `patient/Observation.rs?${'a-'.repeat(megabyte / 2)}`,
  'endless chain': `patient/Observation.rs?${'a.'.repeat(megabyte / 2)}=1`,
  'endless modifiers': `patient/Observation.rs?${'a:'.repeat(megabyte / 2)}=1`,
  'many items': `patient/Observation.rs?${'a=b&'.repeat(megabyte / 4)}`,
  'many alternatives': `patient/Observation.rs?a=${'b,'.repeat(megabyte / 2)}`,
  'escapes without end': `patient/Observation.rs?a=${'%5C'.repeat(megabyte / 3)}`,
  'half an escape': `patient/Observation.rs?a=${'%4'.repeat(megabyte / 2)}`,
  'an endless URI': `http:${'//'.repeat(megabyte / 2)}`,
  'many scopes': 'patient/Observation.rs '.repeat(megabyte / 23),
  'only spaces': ' '.repeat(megabyte),
}

for (const [name, text] of Object.entries(hostile)) {
  test(`parsing is linear in the input: ${name}, 1 MB`, () => {
    const read = parseGrant(text)
    assert.ok(formatGrant(read).length <= text.length)
  })
}
