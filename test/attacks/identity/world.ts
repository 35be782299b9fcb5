/** The whole server with identity providers, answering in this process; and people who go between them and it. */
import type { AuditEvent } from '../../../src/audit/event.ts'
import { providers as section } from '../../../src/config/providers.ts'
import { silentLog } from '../../../src/http/log.ts'
import type { Account } from '../../../src/identity/account.ts'
import type { Mailer } from '../../../src/identity/mail/ports.ts'
import { hashPassword } from '../../../src/identity/passwords.ts'
import { policyOf } from '../../../src/identity/test-policy.ts'
import { assemble } from '../../../src/server/assemble.ts'
import { openStores } from '../../../src/server/stores.ts'
import type { Resource } from '../../../src/smart/resource.ts'
import { openEmpty } from '../../fixtures/databases.ts'
import { noWayOut } from '../../fixtures/no-way-out.ts'
import { type Place, Surfer } from '../../fixtures/surfer.ts'

export const baseUrl = 'http://localhost:8080'
export const password = 'a password of these tests'
export const NPI = 'http://hl7.org/fhir/sid/us-npi'
export const HEALTH_NUMBER = 'urn:example:health-number'
export const secret = 'a secret of these providers'

/** One provider in `chartkey.yaml`; what is not given is what most tests want. */
export function settingsOf(id: string, issuer: string, more: object = {}): object {
  return {
    id,
    name: `Provider ${id}`,
    issuer,
    clientId: 'chartkey',
    clientSecret: secret,
    roles: ['clinician'],
    firstSignIn: 'match',
    claims: { practitioner: { claim: 'npi', system: NPI } },
    ...more,
  }
}

/** Settings of a provider of patients. */
export const ofPatients = {
  roles: ['patient'],
  claims: {},
  patientMatch: {
    identifier: { claim: 'health_number', system: HEALTH_NUMBER },
    verified: { claim: 'ial', values: ['2'] },
  },
}

const human = (family: string, ...given: string[]) => [{ family, given }]

export const records: readonly Resource[] = [
  {
    resourceType: 'Practitioner',
    id: 'lin',
    name: human('Lin', 'Wei'),
    identifier: [{ system: NPI, value: '1000000001' }],
  },
  {
    resourceType: 'Practitioner',
    id: 'okafor',
    name: human('Okafor', 'Ada'),
    identifier: [{ system: NPI, value: '1000000002' }],
  },
  {
    resourceType: 'Practitioner',
    id: 'left',
    active: false,
    identifier: [{ system: NPI, value: '1000000003' }],
  },
  { resourceType: 'Practitioner', id: 'twin-1', identifier: [{ system: NPI, value: '1000000004' }] },
  { resourceType: 'Practitioner', id: 'twin-2', identifier: [{ system: NPI, value: '1000000004' }] },
  patient('amara', 'Whitfield', 'Amara', '1981-04-02', 'H1'),
  patient('bea', 'Moreau', 'Béatrice', '1990-02-03', 'H2'),
  patient('same-1', 'Twin', 'Ann', '1970-01-01', 'H3'),
  patient('same-2', 'Twin', 'Ann', '1970-01-01', 'H3'),
  { ...patient('gone', 'Gone', 'Gus', '1950-05-05', 'H4'), active: false },
  { ...patient('dead', 'Dead', 'Dan', '1940-05-05', 'H5'), deceasedDateTime: '2020-01-01' },
]

function patient(id: string, family: string, given: string, birthDate: string, value: string): Resource {
  return {
    resourceType: 'Patient',
    id,
    name: human(family, given),
    birthDate,
    identifier: [{ system: HEALTH_NUMBER, value }],
  }
}

/** A clinician who has an account and a password here. */
export const local: Account = {
  id: 'u-local',
  username: 'local',
  name: 'Local Clinician',
  roles: ['clinician'],
  fhirUser: 'Practitioner/okafor',
  records: ['Practitioner/okafor'],
  disabled: false,
}

/** Makes the server with these providers. */
export async function createWorld(
  list: readonly object[],
  options: { readonly requestLimit?: number; readonly mailer?: Mailer } = {},
) {
  let ahead = 0
  const now = () => Date.now() + ahead
  const events: AuditEvent[] = []
  const warnings: object[] = []
  const sql = await openEmpty()
  const stores = await openStores(sql, now)
  await stores.records.putAll([...records])
  await stores.accounts.add({ ...local, passwordHash: await hashPassword(password) })
  const { app, sendMail } = await assemble({
    baseUrl,
    stores,
    log: { ...silentLog, warn: (fields) => void warnings.push(fields) },
    now,
    outbound: noWayOut,
    sandbox: undefined,
    providers: section.parse(list),
    ...(options.requestLimit !== undefined && { providerLimit: options.requestLimit }),
    ...(options.mailer && { mailer: options.mailer }),
    policy: () => policyOf({}),
    auditRetention: Number.MAX_SAFE_INTEGER,
  })
  /** The events since the last look, oldest first. */
  let seen = 0
  async function trail(): Promise<AuditEvent[]> {
    const found = await stores.audit.list(seen, 1000)
    seen = found.at(-1)?.seq ?? seen
    events.push(...found.map(({ event }) => event))
    return found.map(({ event }) => event)
  }
  return {
    app,
    sendMail,
    sql,
    stores,
    warnings,
    trail,
    now,
    /** Lets time go by, here and not at the providers. */
    pass: (milliseconds: number) => {
      ahead += milliseconds
    },
    browser: () => new Surfer(app, baseUrl),
    close: () => app.close(),
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>

/** Goes from our sign-in page through the provider's and comes back; `returnTo` is where the person was going. */
export async function signInAt(
  browser: Surfer,
  provider: string,
  login: string,
  { returnTo = '/account', until }: { returnTo?: string; until?: string } = {},
): Promise<Place> {
  const start = `/account/providers/${provider}/sign-in?${new URLSearchParams({ return_to: returnTo })}`
  const page = await browser.open(start, undefined, until)
  return browser.submit(page, { login }, until)
}

/** Signs in with the password. */
export async function signInHere(browser: Surfer, username = local.username): Promise<Place> {
  const page = await browser.open('/account/sign-in?return_to=/account')
  return browser.submit(page, { username, password })
}
