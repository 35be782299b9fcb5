/** The hospital with a policy in force: people with accounts, whose rights are what identity makes of the records. */
import { readFile } from 'node:fs/promises'
import { trailRules } from '../../../src/audit/chain.ts'
import { createCsrf } from '../../../src/http/csrf.ts'
import type { Account, Role } from '../../../src/identity/account.ts'
import { createIdentity } from '../../../src/identity/index.ts'
import { checkPolicy } from '../../../src/policy/policy-file.ts'
import type { Labelling } from '../../../src/resource/ports.ts'
import type { Caller } from '../../../src/resource/request.ts'
import { isSupportedFilter } from '../../../src/resource/search/filter.ts'
import { createConsents } from '../../../src/server/consents.ts'
import { createLabelling } from '../../../src/server/labelling.ts'
import { createRelations } from '../../../src/server/relations.ts'
import { createRights } from '../../../src/server/rights.ts'
import type { SitePolicy } from '../../../src/smart/policy.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { createAccountStore } from '../../../src/store/accounts.ts'
import { createAttemptStore } from '../../../src/store/attempts.ts'
import { createRecording } from '../../../src/store/audit.ts'
import { createCredentialStore } from '../../../src/store/credentials.ts'
import { createEmergencyStore } from '../../../src/store/emergency-access.ts'
import { createPasskeyStore } from '../../../src/store/passkeys.ts'
import { createSessionStore } from '../../../src/store/sessions.ts'
import { createTicketStore } from '../../../src/store/tickets.ts'
import { openEmpty } from '../../fixtures/databases.ts'
import { metaOf } from './labelling.ts'
import { type Ask, base, callerWith, createWorld, type World } from './world.ts'

const SECOND = 1000

/** The policy of the sandbox. */
export async function sandboxPolicy(): Promise<SitePolicy> {
  const file = new URL('../../../policies/sandbox.yaml', import.meta.url)
  return checkPolicy('sandbox.yaml', await readFile(file, 'utf8'), isSupportedFilter)
}

const people: readonly (readonly [id: string, roles: Role[], records: string[]])[] = [
  ['patient-a', ['patient'], ['Patient/a']],
  ['parent-of-b', ['patient'], ['RelatedPerson/parent-of-b']],
  ['nurse', ['clinician'], ['Practitioner/nurse']],
  ['doctor', ['clinician'], ['Practitioner/doctor']],
]

const release = { tag: [{ system: 'urn:chartkey:release', code: 'unreleased' }] }
const actCodes = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'

/** A result that waits for release. */
export function waiting(patient: string): Resource {
  return {
    resourceType: 'Observation',
    id: `${patient}-waiting`,
    meta: release,
    status: 'final',
    category: [{ coding: [{ code: 'laboratory' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: '2024-04-30',
    performer: [{ reference: 'Practitioner/doctor' }],
    valueString: 'not yet told',
  }
}

/** What takes the tag off, by `$meta-delete`. */
export const untagging: Ask = { method: 'POST', body: metaOf(release) }

function recordOf(patient: string): Resource[] {
  const subject = { reference: `Patient/${patient}` }
  return [
    waiting(patient),
    {
      resourceType: 'DiagnosticReport',
      id: `${patient}-waiting-report`,
      meta: release,
      status: 'final',
      code: { text: 'not yet told' },
      subject,
      result: [{ reference: `Observation/${patient}-waiting` }],
    },
    {
      resourceType: 'DiagnosticReport',
      id: `${patient}-summary`,
      status: 'final',
      code: { text: 'summary' },
      subject,
      result: [{ reference: `Observation/${patient}-waiting` }],
    },
    {
      resourceType: 'Condition',
      id: `${patient}-psychiatric`,
      meta: { security: [{ system: actCodes, code: 'PSY' }] },
      code: { text: 'kept from most' },
      subject,
      encounter: { reference: `Encounter/${patient}-visit` },
    },
  ]
}

const atStart: readonly Resource[] = [
  ...recordOf('a'),
  ...recordOf('b'),
  { resourceType: 'Patient', id: 'b', name: [{ family: 'Family-b' }], birthDate: '2020-01-01' },
  {
    resourceType: 'RelatedPerson',
    id: 'parent-of-b',
    active: true,
    patient: { reference: 'Patient/b' },
    relationship: [{ coding: [{ code: 'MTH' }] }],
  },
  {
    resourceType: 'PractitionerRole',
    id: 'doctor-here',
    active: true,
    practitioner: { reference: 'Practitioner/doctor' },
    code: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/practitioner-role', code: 'doctor' }] },
    ],
  },
]

export interface PolicyWorld extends World {
  /** Whoever acts through an app with these scopes, with the rights of this moment. */
  as(account: string, scopes: string, patient?: string): Promise<Caller>
  readonly clock: { now: number }
  readonly emergencies: ReturnType<typeof createEmergencyStore>
  /** Puts another policy in force. */
  decree(policy: SitePolicy): void
  /** Lets all that is remembered grow old. */
  wait(milliseconds?: number): void
}

export async function createPolicyWorld(members: Partial<SitePolicy> = {}): Promise<PolicyWorld> {
  let rules: Labelling | undefined
  const world = await createWorld(undefined, {
    stakeOf: (label) => rules?.stakeOf(label),
    mayRelease: async (...asked) => (await rules?.mayRelease(...asked)) === true,
    mayTakeOff: async (caller) => (await rules?.mayTakeOff(caller)) === true,
  })
  await world.repository.putAll(atStart)
  const sql = await openEmpty()
  const clock = { now: Date.parse('2024-05-01T12:00:00Z') }
  const now = () => clock.now
  const accounts = createAccountStore(sql)
  for (const [id, roles, records] of people) await accounts.add(accountOf(id, roles, records))
  const emergencies = createEmergencyStore(sql)
  let policy: SitePolicy = { ...(await sandboxPolicy()), ...members }
  const identity = createIdentity({
    accounts,
    sessions: createSessionStore(sql),
    attempts: createAttemptStore(sql),
    tickets: createTicketStore(sql),
    credentials: createCredentialStore(sql, createRecording(trailRules)),
    passkeys: createPasskeyStore(sql, createRecording(trailRules)),
    secret: '0123456789abcdef0123456789abcdef',
    baseUrl: 'http://localhost',
    rules: { required: [] },
    relations: createRelations(world.repository, base, { warn: () => {} }, now),
    policy: () => policy,
    consents: createConsents(world.repository, base, now),
    emergencyAccess: emergencies,
    destinations: { formTargets: async () => [] },
    audit: { record: () => {} },
    csrf: createCsrf('0123456789abcdef0123456789abcdef'),
    now,
    ids: { secret: () => 's'.repeat(43) },
  })
  rules = createLabelling(identity, world.repository, () => policy)
  const rights = createRights(identity, now)
  return {
    ...world,
    clock,
    emergencies,
    decree: (next) => {
      policy = next
    },
    wait: (milliseconds = SECOND) => {
      clock.now += milliseconds
    },
    async as(account, scopes, patient) {
      const own = await rights.of(account)
      return {
        ...callerWith(scopes, { patient: patient ?? null, ...(own ?? { rights: [] }) }),
        user: account,
      }
    },
  }
}

function accountOf(id: string, roles: Role[], records: string[]): Account {
  const [fhirUser] = records
  return {
    id,
    username: id,
    name: id,
    roles,
    records,
    disabled: false,
    ...(fhirUser !== undefined && { fhirUser }),
  }
}
