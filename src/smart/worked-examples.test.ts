/** The 69 worked examples of Annex A: each scope string is read whole or refused, and allows what the example says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Authority, reachOf } from './decision.ts'
import { alternatives, type Filter } from './filter.ts'
import { formatGrant, parseGrant, resourceScopes } from './grant.ts'
import type { Resource } from './resource.ts'
import { letterOrder, parseScopes, type Scope } from './scope.ts'
import { inReach } from './slice.ts'

interface Example {
  readonly id: string
  readonly text: string
  /** What the string is: scopes by kind, or tokens refused. */
  readonly kinds?: readonly Scope['kind'][]
  /** Letters by type, for a token with patient 123 and a user who may do everything. */
  readonly allows?: Readonly<Record<string, string>>
  /** Resources (keys of `samples`) that the filter admits; all others of them are refused. */
  readonly admits?: readonly string[]
}

const category = 'http://terminology.hl7.org/CodeSystem/observation-category'

function observation(category: string, status: string, patient = '123', system = categorySystem): Resource {
  return {
    resourceType: 'Observation',
    id: `${category}-${status}-${patient}`,
    status,
    subject: { reference: `Patient/${patient}` },
    category: [{ coding: [{ system, code: category }] }],
  }
}

const categorySystem = category
const samples: Readonly<Record<string, Resource>> = {
  lab: observation('laboratory', 'final'),
  draft: observation('laboratory', 'preliminary'),
  vital: observation('vital-signs', 'final'),
  survey: observation('survey', 'final'),
  foreign: observation('laboratory', 'final', '999'),
  elsewhere: observation('laboratory', 'final', '123', 'https://other.example/categories'),
}

/** A matcher that is right for `category` and `status` and says that it cannot tell anything else. */
function matches(resource: Resource, filter: Filter): boolean | undefined {
  const answers = filter.map(({ parameter, value }) => {
    if (parameter === 'status') return alternatives(value).includes(String(resource.status))
    if (parameter !== 'category') return undefined
    const [{ coding }] = resource.category as [{ coding: [{ system: string; code: string }] }]
    const [{ system, code }] = coding
    return alternatives(value).some((one) => one === code || one === `${system}|${code}`)
  })
  return answers.includes(undefined) ? undefined : answers.every(Boolean)
}

const everything: Authority['rights'] = [
  { letters: letterOrder, slice: { type: '*', compartments: [], filter: [] } },
]

function authorityOf(text: string): Authority {
  return { scopes: resourceScopes(parseGrant(text)), patient: '123', rights: everything, withheld: [] }
}

const ofRecord = ['lab', 'draft', 'vital', 'survey', 'elsewhere']
const all = Object.keys(samples)
const none: Example['allows'] = {}

const examples: readonly Example[] = [
  { id: 'A-01', text: 'patient/Observation.rs', allows: { Observation: 'rs' }, admits: ofRecord },
  { id: 'A-02', text: 'patient/Observation.r', allows: { Observation: 'r' }, admits: ofRecord },
  { id: 'A-03', text: 'patient/Observation.s', allows: { Observation: 's' } },
  { id: 'A-04', text: 'patient/Observation.c', allows: { Observation: 'c' } },
  { id: 'A-05', text: 'patient/Observation.cu', allows: { Observation: 'cu' } },
  { id: 'A-06', text: 'patient/Observation.cud', allows: { Observation: 'cud' } },
  { id: 'A-07', text: 'patient/Observation.cruds', allows: { Observation: 'cruds' }, admits: ofRecord },
  { id: 'A-08', text: 'patient/Patient.r', allows: { Patient: 'r' } },
  {
    id: 'A-09',
    text: 'patient/*.rs',
    allows: { Observation: 'rs', Patient: 'rs', Condition: 'rs' },
    admits: ofRecord,
  },
  {
    id: 'A-10',
    text: 'patient/*.cruds',
    allows: { Observation: 'cruds', Patient: 'cruds', Condition: 'cruds' },
    admits: ofRecord,
  },
  { id: 'A-11', text: 'user/Observation.rs', allows: { Observation: 'rs' }, admits: all },
  { id: 'A-12', text: 'user/Patient.rs', allows: { Patient: 'rs' } },
  { id: 'A-13', text: 'user/Appointment.cruds', allows: { Appointment: 'cruds' } },
  {
    id: 'A-14',
    text: 'user/*.cruds',
    allows: { Observation: 'cruds', Patient: 'cruds', Condition: 'cruds', Appointment: 'cruds' },
    admits: all,
  },
  { id: 'A-15', text: 'system/Observation.rs', allows: { Observation: 'rs' }, admits: all },
  {
    id: 'A-16',
    text: 'system/*.rs',
    allows: { Observation: 'rs', Patient: 'rs', Condition: 'rs', Appointment: 'rs' },
    admits: all,
  },
  { id: 'A-17', text: 'system/Encounter.cud', allows: { Encounter: 'cud' } },
  { id: 'A-18', text: 'patient/Observation.read', allows: { Observation: 'rs' }, admits: ofRecord },
  { id: 'A-19', text: 'patient/Observation.write', allows: { Observation: 'cud' } },
  { id: 'A-20', text: 'patient/Observation.*', allows: { Observation: 'cruds' } },
  { id: 'A-21', text: 'patient/*.read', allows: { Observation: 'rs', Patient: 'rs', Condition: 'rs' } },
  { id: 'A-22', text: 'patient/*.*', allows: { Observation: 'cruds', Patient: 'cruds', Condition: 'cruds' } },
  {
    id: 'A-23',
    text: 'user/*.write',
    allows: { Observation: 'cud', Patient: 'cud', Condition: 'cud', Appointment: 'cud' },
  },
  {
    id: 'A-24',
    text: 'system/*.read',
    allows: { Observation: 'rs', Patient: 'rs', Condition: 'rs', Appointment: 'rs' },
  },
  {
    id: 'A-25',
    text: 'patient/Observation.read patient/Observation.write',
    allows: { Observation: 'cruds' },
  },
  {
    id: 'A-26',
    text: 'patient/Condition.rs patient/AllergyIntolerance.rs',
    allows: { Condition: 'rs', AllergyIntolerance: 'rs' },
  },
  {
    id: 'A-27',
    text: 'patient/Observation.r patient/Observation.s',
    allows: { Observation: 'rs' },
    admits: ofRecord,
  },
  {
    id: 'A-28',
    text: `patient/Observation.rs?category=${category}|laboratory`,
    allows: { Observation: 'rs' },
    admits: ['lab', 'draft'],
  },
  {
    id: 'A-29',
    text: `patient/Observation.rs?category=${category}|laboratory&status=final`,
    allows: { Observation: 'rs' },
    admits: ['lab'],
  },
  {
    id: 'A-30',
    text: 'patient/Observation.rs?category=laboratory,vital-signs',
    allows: { Observation: 'rs' },
    admits: ['lab', 'draft', 'vital', 'elsewhere'],
  },
  {
    id: 'A-31',
    text: 'user/Observation.r?category=laboratory',
    allows: { Observation: 'r' },
    admits: ['lab', 'draft', 'foreign', 'elsewhere'],
  },
  {
    id: 'A-32',
    text: 'patient/Basic.cuds?code=https://myapp.example.org|encrypted-phr-access-keys',
    allows: { Basic: 'cuds' },
  },
  // The experimental ones are read; a search engine that cannot tell their filter admits nothing by them.
  {
    id: 'A-33',
    text: 'patient/Observation.rs?code:in=http://valueset.example.org/ValueSet/diabetes-codes',
    allows: { Observation: 'rs' },
    admits: [],
  },
  {
    id: 'A-34',
    text: 'patient/Observation.rs?patient.birthdate=1990',
    allows: { Observation: 'rs' },
    admits: [],
  },
  {
    id: 'A-35',
    text: 'user/Observation.rs?encounter.id=Encounter/456',
    allows: { Observation: 'rs' },
    admits: [],
  },
  {
    id: 'A-36',
    text: 'patient/Observation.rs?_filter=status%20eq%20final',
    allows: { Observation: 'rs' },
    admits: [],
  },
  {
    id: 'A-37',
    text: 'patient/*.rs?_lastUpdated=ge2024-01-01',
    allows: { Observation: 'rs', Patient: 'rs', Condition: 'rs' },
  },
  { id: 'A-38', text: 'patient/Observation.dus', kinds: [], allows: none },
  { id: 'A-39', text: 'patient/Observation.sr', kinds: [], allows: none },
  { id: 'A-40', text: 'patient/Observation.rr', kinds: [], allows: none },
  { id: 'A-41', text: 'patient/Observation.rx', kinds: [], allows: none },
  { id: 'A-42', text: 'patient/Observation.', kinds: [], allows: none },
  { id: 'A-43', text: 'patient/Observation', kinds: [], allows: none },
  { id: 'A-44', text: 'patient/Observation.rd', allows: { Observation: 'rd' } },
  { id: 'A-45', text: 'patient/Observation.create', kinds: [], allows: none },
  { id: 'A-46', text: 'patient/Observation.rs.category=laboratory', kinds: [], allows: none },
  { id: 'A-47', text: 'patient.Observation.rs', kinds: [], allows: none },
  { id: 'A-48', text: 'Patient/Observation.rs', kinds: [], allows: none },
  { id: 'A-49', text: 'patient/observation.rs', kinds: [], allows: none },
  { id: 'A-50', text: 'patient/Observation.rs?', kinds: [], allows: none },
  { id: 'A-51', text: 'patient/Observation.rs?category', kinds: [], allows: none },
  { id: 'A-52', text: 'practitioner/Observation.rs', kinds: [], allows: none },
  { id: 'A-53', text: 'patient/Observation.read?category=laboratory', kinds: [], allows: none },
  { id: 'A-54', text: 'launch', kinds: ['context'], allows: none },
  { id: 'A-55', text: 'launch/patient', kinds: ['context'], allows: none },
  { id: 'A-56', text: 'launch/encounter', kinds: ['context'], allows: none },
  { id: 'A-57', text: 'launch/imagingstudy', kinds: ['context'], allows: none },
  {
    id: 'A-58',
    text: 'launch/list?role=https://example.org/med-list-at-home',
    kinds: ['context'],
    allows: none,
  },
  { id: 'A-59', text: 'launch/Patient', kinds: [], allows: none },
  { id: 'A-60', text: 'Launch/encounter', kinds: [], allows: none },
  { id: 'A-61', text: 'openid fhirUser', kinds: ['identity', 'identity'], allows: none },
  { id: 'A-62', text: 'fhirUser', kinds: ['identity'], allows: none },
  { id: 'A-63', text: 'openid profile', kinds: ['identity', 'identity'], allows: none },
  { id: 'A-64', text: 'offline_access', kinds: ['refresh'], allows: none },
  { id: 'A-65', text: 'online_access', kinds: ['refresh'], allows: none },
  { id: 'A-66', text: 'Offline_access', kinds: [], allows: none },
  { id: 'A-67', text: '__profilePhoto.manage', kinds: ['extension'], allows: none },
  {
    id: 'A-68',
    text: 'https://ehr.example.org/scopes/profilePhoto.manage',
    kinds: ['extension'],
    allows: none,
  },
  { id: 'A-69', text: '', kinds: [], allows: none },
]

// A patient may not be named by an Appointment here; it stands for "a type that the example does not speak of".
const probed = [
  'Observation',
  'Patient',
  'Condition',
  'AllergyIntolerance',
  'Encounter',
  'Basic',
  'Appointment',
]

test('Annex A is here in full: 69 examples', () => {
  assert.equal(examples.length, 69)
  assert.deepEqual(
    examples.map(({ id }) => id),
    Array.from({ length: 69 }, (_, at) => `A-${String(at + 1).padStart(2, '0')}`),
  )
})

for (const { id, text, kinds, allows = {}, admits } of examples) {
  test(`${id}: ${text || '(empty string)'}`, () => {
    const { scopes, refused } = parseScopes(text)
    const expected = kinds ?? text.split(' ').map(() => 'resource')
    assert.deepEqual(
      scopes.map(({ kind }) => kind),
      expected,
    )
    assert.equal(scopes.length + refused.length, text === '' ? 0 : text.split(' ').length)
    if (refused.length === 0) assert.equal(formatGrant({ scopes }), text)
    assertAllows(text, allows)
    if (admits) assertAdmits(text, admits)
  })
}

function assertAllows(text: string, allows: Readonly<Record<string, string>>): void {
  const authority = authorityOf(text)
  const isWild = /\/\*\./.test(text)
  for (const type of probed) {
    if (isWild && !(type in allows)) continue
    const letters = letterOrder.filter((letter) => reachOf(authority, letter, type).within.length > 0)
    assert.equal(letters.join(''), allows[type] ?? '', `letters on ${type}`)
  }
}

function assertAdmits(text: string, admits: readonly string[]): void {
  const reach = reachOf(authorityOf(text), 'r', 'Observation')
  const admitted = Object.keys(samples).filter((name) => inReach(samples[name] as Resource, reach, matches))
  assert.deepEqual(admitted.sort(), [...admits].sort())
}
