import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CareRule, SitePolicy } from '../smart/policy.ts'
import type { Letter } from '../smart/scope.ts'
import type { Account, Role } from './account.ts'
import { capacitiesOf } from './capacities.ts'
import type { Acting, Relations } from './ports.ts'
import { rightsOf } from './rights.ts'
import { policyOf } from './test-policy.ts'

const NOW = Date.UTC(2026, 5, 15, 12)

interface Setting {
  readonly acting?: Partial<Acting>
  readonly policy?: Partial<SitePolicy>
  /** Hears by which rule patients in care were asked for. */
  readonly heard?: CareRule[]
}

function relations({ acting = {}, heard = [] }: Setting): Relations {
  return {
    async patientsInCareOf(references, rule) {
      heard.push(rule)
      return references.includes('Practitioner/okafor') ? ['p1', 'p2'] : []
    },
    recordOf: async (id) =>
      id === 'diego-for-mateo'
        ? { patient: 'mateo', relationships: ['FTH'], birthDate: '2020-04-01', ...acting }
        : undefined,
    postsOf: async () => [],
  }
}

function account(roles: Role[], records: string[], more: Partial<Account> = {}): Account {
  const [fhirUser] = records
  return { id: 'user_x', username: 'x', name: 'X', roles, records, fhirUser, disabled: false, ...more }
}

const capacities = (who: Account, setting: Setting) =>
  capacitiesOf(who, relations(setting), policyOf(setting.policy ?? {}), NOW)

async function rights(who: Account, setting: Setting) {
  return rightsOf(who, await capacities(who, setting), relations(setting), policyOf(setting.policy ?? {}))
}

/** `Patient/p1`-like lines of the rights that concern a type, reference data left out. */
async function told(who: Account, type: string, letter: Letter, setting: Setting = {}): Promise<string[]> {
  return (await rights(who, setting))
    .filter(({ letters, slice }) => letters.includes(letter) && (slice.type === type || slice.type === '*'))
    .map(({ slice }) =>
      [
        ...slice.compartments.map((one) => (typeof one === 'string' ? one : one.join('+'))),
        ...slice.filter.map(({ parameter, value }) => `${parameter}=${value}`),
      ].join(' '),
    )
}

async function patientsOf(who: Account, acting: Partial<Acting>): Promise<string[]> {
  const found = await capacities(who, { acting })
  return found.flatMap(({ role, patients = [] }) => patients.map((id) => `${role} ${id}`))
}

const diego = account(['patient'], ['Patient/diego', 'RelatedPerson/diego-for-mateo', 'RelatedPerson/stale'])
const father = account(['patient'], ['RelatedPerson/diego-for-mateo'])

test('a patient reads their own record and that of a child they act for, and nobody else’s', async () => {
  assert.deepEqual(await told(diego, 'Condition', 'r'), ['Patient/diego', 'Patient/mateo'])
  assert.deepEqual(await told(diego, 'Condition', 'c'), [])
  assert.deepEqual(await told(diego, 'Observation', 'd'), [])
  assert.deepEqual(await patientsOf(diego, {}), ['patient diego', 'related-person mateo'])
})

test('a patient adds observations and Consents to the record, and changes only those they made', async () => {
  const amara = account(['patient'], ['Patient/amara'])
  assert.deepEqual(await told(amara, 'Observation', 'c'), ['Patient/amara'])
  assert.deepEqual(await told(amara, 'Observation', 'u'), ['Patient/amara performer=Patient/amara'])
  assert.deepEqual(await told(amara, 'Consent', 'u'), ['Patient/amara consentor=Patient/amara'])
  assert.deepEqual(await told(amara, 'MedicationRequest', 'u'), [])
})

test('acting for another ends with the period, its last day included, and does not begin before it', async () => {
  for (const until of ['2026-06-15', '2026-06', '2026', '2026-06-15T13:00:00Z'])
    assert.deepEqual(await patientsOf(father, { until }), ['related-person mateo'], until)
  for (const until of ['2026-06-14', '2026-05', '2025', '2026-06-15T11:00:00Z', 'someday'])
    assert.deepEqual(await patientsOf(father, { until }), [], until)
  assert.deepEqual(await patientsOf(father, { since: '2026-06-15' }), ['related-person mateo'])
  for (const since of ['2026-06-16', '2027', 'someday'])
    assert.deepEqual(await patientsOf(father, { since }), [], since)
})

test('a parent acts for a child until the birthday of majority, whatever the period says', async () => {
  assert.deepEqual(await patientsOf(father, { birthDate: '2008-06-16' }), ['related-person mateo'])
  // Of an incomplete date the earliest day counts; without one nobody knows that it is a child.
  for (const birthDate of ['2008-06-15', '2008-06', '2008', '1990-01-01', 'unknown', undefined])
    assert.deepEqual(await patientsOf(father, { birthDate }), [], birthDate)
  const later = { acting: { birthDate: '2006-06-16' }, policy: { majority: { years: 20, exceptFor: [] } } }
  assert.equal((await capacities(father, later)).length, 1)
})

test('a relation that is not a parent’s goes on after majority, where policy names it; one of unknown kind does not', async () => {
  const elder = { birthDate: '1940-01-01' }
  assert.deepEqual(await patientsOf(father, { ...elder, relationships: ['DAUC'] }), ['related-person mateo'])
  assert.deepEqual(await patientsOf(father, { ...elder, relationships: [] }), [])
  assert.deepEqual(await patientsOf(father, { ...elder, relationships: ['XYZ'] }), [])
})

test('a clinician has everything, or by policy the patients in their care', async () => {
  const lin = account(['clinician'], ['Practitioner/lin'])
  const okafor = account(['clinician'], ['Practitioner/okafor'])
  const policy = { clinicians: 'care' } as const
  assert.deepEqual(await told(lin, 'Condition', 'd'), [''])
  assert.deepEqual(await told(lin, 'Condition', 'r', { policy }), [])
  assert.deepEqual(await told(okafor, 'Condition', 'd', { policy }), ['Patient/p1+Patient/p2'])
  assert.deepEqual(await told(account(['clinician'], []), 'Condition', 'r', { policy }), [])
})

test('an account that sees its care teams only is asked for those only', async () => {
  const nurse = account(['clinician'], ['Practitioner/okafor'], { careTeamOnly: true })
  const heard: CareRule[] = []
  assert.deepEqual(await told(nurse, 'Condition', 'd', { heard }), ['Patient/p1+Patient/p2'])
  assert.deepEqual(heard[0]?.by, ['care-team'])
})

test('thousands of patients in care make few slices', async () => {
  const many = Array.from({ length: 5000 }, (_, at) => `p${at}`)
  const doctor = account(['clinician'], ['Practitioner/busy'])
  const policy = policyOf({ clinicians: 'care' })
  const busy = { ...relations({}), patientsInCareOf: async () => many }
  const found = await rightsOf(doctor, await capacitiesOf(doctor, busy, policy, NOW), busy, policy)
  assert.ok(found.filter(({ letters }) => letters.includes('d')).length < 10)
})

test('an administrator has no clinical rights, a disabled account none at all', async () => {
  assert.deepEqual(await told(account(['admin'], []), 'Patient', 'r'), [])
  assert.deepEqual(await rights(account(['clinician'], ['Practitioner/lin'], { disabled: true }), {}), [])
})

test('everybody reads reference data and nobody but a clinician writes it', async () => {
  for (const who of [account(['patient'], ['Patient/amara']), account(['admin'], [])]) {
    assert.deepEqual(
      await told(who, 'Practitioner', 'r'),
      who.roles[0] === 'patient' ? ['Patient/amara', ''] : [''],
    )
    assert.deepEqual(await told(who, 'Organization', 'u'), [])
  }
})
