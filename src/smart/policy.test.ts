/** Laws of policies, on random ones: they only take away, and an exception only gives back to those it names. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { patientsOf } from './compartment.ts'
import {
  type Capacity,
  canBreakGlass,
  type Exception,
  everyRole,
  isPurposeWithin,
  type Role,
  type Subject,
  stakeOf,
  type Withholding,
  withheldFrom,
} from './policy.ts'
import { recordsOf } from './record.ts'
import type { Resource } from './resource.ts'
import { inReach, type Matches, type Slice } from './slice.ts'
import { formatSlice, parseSlice } from './slice-text.ts'

const patients = ['1', '2', '3']
const posts = ['urn:posts|surgeon', 'urn:posts|nurse']
const purposes = ['TREAT', 'ETREAT', 'PATRQT', 'FAMRQT']

/** A resource names its label in `code`, and its patients by `subject`. */
const resource: fc.Arbitrary<Resource> = fc.record({
  resourceType: fc.constantFrom('Observation', 'Condition', 'Medication'),
  code: fc.constantFrom('a', 'b'),
  subject: fc.constantFrom(...patients).map((id) => ({ reference: `Patient/${id}` })),
})
const matches: Matches = (one, filter) => filter.every(({ value }) => one.code === value)

const slice: fc.Arbitrary<Slice> = fc.record({
  type: fc.constantFrom('*', 'Observation', 'Condition', 'Medication'),
  compartments: fc.constant([]),
  filter: fc.constantFrom([], [{ parameter: 'code', value: 'a' }]),
})
const some = <Value>(values: readonly Value[]) => fc.subarray([...values], { minLength: 1 })
const exception = fc.record(
  {
    roles: some<string>([...everyRole, ...posts]),
    purposes: some(purposes),
    breakGlass: fc.constant(true as const),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Exception>
const rule: fc.Arbitrary<Withholding> = fc.record({
  name: fc.constant('rule'),
  what: fc.array(slice, { minLength: 1, maxLength: 2 }),
  from: some<Role>(everyRole),
  unless: fc.array(exception, { maxLength: 2 }),
  because: fc.constant('because'),
})
const capacity: fc.Arbitrary<Capacity> = fc
  .record({
    role: fc.constantFrom(...everyRole),
    posts: fc.subarray(posts),
    purpose: fc.constantFrom(...purposes),
    patients: some(patients),
  })
  .map(({ patients: own, ...one }) =>
    one.role === 'patient' || one.role === 'related-person' ? { ...one, patients: own } : one,
  )
const subject: fc.Arbitrary<Subject> = fc.record({
  capacities: fc.array(capacity, { maxLength: 3 }),
  glassBroken: fc.subarray(patients),
})

const everything: Slice = { type: '*', compartments: [], filter: [] }
const sees = (
  one: Resource,
  rules: readonly Withholding[],
  who: Subject,
  within: readonly Slice[] = [everything],
) => inReach(one, { within, without: withheldFrom(rules, who) }, matches)

/** What a person may reach by what they are: all, or the records that they are bound to. */
const reachOf = ({ capacities }: Subject): Slice[] =>
  capacities.flatMap((one) => (one.patients ? recordsOf(one.patients) : [everything]))

test('a policy never widens: with it, and with one more rule, nobody sees more', () => {
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 3 }), rule, subject, resource, (rules, more, who, one) => {
      const within = reachOf(who)
      if (sees(one, rules, who, within)) assert.ok(inReach(one, { within, without: [] }, matches))
      if (sees(one, [...rules, more], who)) assert.ok(sees(one, rules, who))
    }),
    { numRuns: 3000 },
  )
})

test('an exception takes nothing from anybody, and changes nothing for whom it does not name', () => {
  fc.assert(
    fc.property(rule, exception, subject, resource, (one, more, who, what) => {
      const wider = { ...one, unless: [...one.unless, more] }
      if (sees(what, [one], who)) assert.ok(sees(what, [wider], who))
      const { roles } = more
      const isNamed = who.capacities.some(
        ({ role, posts: held }) =>
          !roles || roles.includes(role) || held.some((post) => roles.includes(post)),
      )
      if (!isNamed) assert.equal(sees(what, [wider], who), sees(what, [one], who))
    }),
    { numRuns: 3000 },
  )
})

test('broken glass shows only what is in the record of that patient and of nobody else, and to clinicians only', () => {
  fc.assert(
    fc.property(rule, subject, resource, (one, who, what) => {
      const before = sees(what, [one], { ...who, glassBroken: [] })
      if (before === sees(what, [one], who)) return
      assert.equal(before, false)
      assert.ok(who.capacities.some(({ role }) => role === 'clinician'))
      assert.ok(patientsOf(what).every((id) => who.glassBroken.includes(id)))
      assert.ok(patientsOf(what).length > 0)
      assert.ok(canBreakGlass([one], who))
    }),
    { numRuns: 3000 },
  )
})

const clinician: Capacity = { role: 'clinician', posts: ['urn:posts|nurse'], purpose: 'TREAT' }
const result: Resource = { resourceType: 'Observation', code: 'a', subject: { reference: 'Patient/1' } }
const medicine: Resource = { resourceType: 'Medication', code: 'a' }
const hide = (more: Partial<Withholding>): Withholding[] => [
  { name: 'n', what: [everything], from: ['clinician'], unless: [], because: 'b', ...more },
]

test('the conditions of one exception must all hold; of several exceptions one is enough', () => {
  const who = { capacities: [clinician], glassBroken: [] }
  const nurse = { roles: ['urn:posts|nurse'] }
  assert.ok(sees(result, hide({ unless: [nurse] }), who))
  assert.ok(sees(result, hide({ unless: [{ ...nurse, purposes: ['TREAT'] }] }), who))
  assert.ok(!sees(result, hide({ unless: [{ ...nurse, purposes: ['PATRQT'] }] }), who))
  assert.ok(sees(result, hide({ unless: [{ purposes: ['PATRQT'] }, nurse] }), who))
  assert.ok(!sees(result, hide({ unless: [{ ...nurse, breakGlass: true }] }), who))
  const broken = { ...who, glassBroken: ['1'] }
  assert.ok(sees(result, hide({ unless: [{ ...nurse, breakGlass: true }] }), broken))
  assert.ok(sees(result, hide({ unless: [{ purposes: ['ETREAT'] }] }), broken))
  assert.ok(!sees(result, hide({ unless: [{ purposes: ['ETREAT'] }] }), who))
  assert.ok(!sees(medicine, hide({ unless: [{ breakGlass: true }] }), broken))
})

test('what is withheld from a patient is withheld in their own record, not in those they act for, nor from their other offices', () => {
  const own: Capacity = { role: 'patient', posts: [], purpose: 'PATRQT', patients: ['1'] }
  const childs: Capacity = { role: 'related-person', posts: [], purpose: 'FAMRQT', patients: ['2'] }
  const other = { ...result, subject: { reference: 'Patient/2' } }
  const parent = { capacities: [own, childs], glassBroken: [] }
  const fromPatients = hide({ from: ['patient'] })
  assert.ok(!sees(result, fromPatients, parent))
  assert.ok(sees(other, fromPatients, parent))
  assert.ok(!sees(other, hide({ from: ['related-person'] }), parent))
  // From whoever is nothing else, it is withheld outside of the record too.
  assert.ok(!sees(medicine, fromPatients, { capacities: [own], glassBroken: [] }))
  const doctor = { capacities: [own, clinician], glassBroken: [] }
  assert.ok(!sees(result, fromPatients, doctor))
  assert.ok(sees(other, fromPatients, doctor))
})

test('from somebody of whom nothing is known everything is withheld that any rule withholds', () => {
  assert.ok(!sees(result, hide({ unless: [{}] }), { capacities: [], glassBroken: ['1'] }))
})

test('purposes of use: a narrower one is one of the wider', () => {
  assert.ok(isPurposeWithin('ETREAT', 'TREAT'))
  assert.ok(!isPurposeWithin('TREAT', 'ETREAT'))
  assert.ok(isPurposeWithin('FAMRQT', 'PurposeOfUse'))
  assert.ok(!isPurposeWithin('constructor', 'TREAT'))
})

test('a label is at stake where a policy asks for it, by its code, its system or both', () => {
  const label = { kind: 'tag', system: 'urn:x', code: 'y' } as const
  const asking = (value: string, parameter = '_tag') => ({
    release: { tag: 'urn:r|wait', by: [] },
    withhold: [
      {
        name: 'labelled',
        what: [{ type: '*', compartments: [], filter: [{ parameter, value }] }],
        from: [],
        unless: [],
        because: '',
      },
    ],
  })
  for (const value of ['urn:x|y', 'y', 'urn:x|', 'z,urn:x|'])
    assert.equal(stakeOf(asking(value), label), 'access', value)
  assert.equal(stakeOf(asking('urn:x|y', '_tag:not'), label), 'access')
  for (const value of ['urn:z|y', 'z', '|y', 'urn:z|'])
    assert.equal(stakeOf(asking(value), label), undefined, value)
  assert.equal(stakeOf(asking('urn:x|y', 'code'), label), undefined)
  assert.equal(stakeOf(asking('z'), { kind: 'tag', system: 'urn:r', code: 'wait' }), 'release')
  assert.equal(stakeOf(asking('z'), { ...label, kind: 'security' }), 'access')
})

test('a slice is read whole or not at all, and written as it was read', () => {
  for (const text of ['Observation', '*', '*?_tag=urn:x|y', 'Condition?_security=a|b,c|d&code=1'])
    assert.equal(formatSlice(parseSlice(text) as Slice), text)
  for (const text of [
    '',
    'observation',
    'Observation?',
    '?_tag=a',
    'Patient.rs',
    'patient/Observation',
    '* ?a=b',
    '*?a',
  ])
    assert.equal(parseSlice(text), undefined, text)
})
