/** An authorization server in this process with everything around it played: users, sessions, patients, a clock. */
import { createHash } from 'node:crypto'
import { beginning } from '../../../src/audit/chain.ts'
import type { AuditEvent } from '../../../src/audit/event.ts'
import type { StepUpRule } from '../../../src/authorization/authorize/check-step-up.ts'
import type { Client } from '../../../src/authorization/client.ts'
import { createAuthorization } from '../../../src/authorization/index.ts'
import type { Brands } from '../../../src/authorization/metadata.ts'
import type {
  EncounterSummary,
  PatientDirectory,
  PatientSummary,
  SignIn,
  User,
} from '../../../src/authorization/ports.ts'
import { everyRecord } from '../../../src/authorization/registration/approval.ts'
import type { DocumentRules } from '../../../src/authorization/registration/document-clients.ts'
import type { RegistrationRules } from '../../../src/authorization/registration/rules.ts'
import { type AppOptions, createApp } from '../../../src/http/app.ts'
import { createCsrf } from '../../../src/http/csrf.ts'
import { silentLog } from '../../../src/http/log.ts'
import type { Outbound } from '../../../src/http/outbound.ts'
import { createSealer } from '../../../src/identity/sealed.ts'
import type { LaunchContext } from '../../../src/smart/context.ts'
import type { Recording } from '../../../src/store/audit.ts'
import { createClientStore } from '../../../src/store/clients.ts'
import { createFlowStore } from '../../../src/store/flows.ts'
import { createGrantStore } from '../../../src/store/grants.ts'
import { createLaunchStore } from '../../../src/store/launches.ts'
import { createLogoutNoticeStore, noteEnded } from '../../../src/store/logout-notices.ts'
import { createPushedRequestStore } from '../../../src/store/pushed-requests.ts'
import { createRegistrationStore } from '../../../src/store/registrations.ts'
import { createRememberedConsentStore } from '../../../src/store/remembered-consents.ts'
import { createReminderStore } from '../../../src/store/reminders.ts'
import { createReplayStore } from '../../../src/store/replays.ts'
import { createKeyStore } from '../../../src/store/signing-keys.ts'
import { uiRoutes } from '../../../src/ui/assets.ts'
import { openEmpty } from '../../fixtures/databases.ts'
import { decisionsOver } from '../../fixtures/decisions.ts'
import { madeKeys } from '../../fixtures/made-keys.ts'
import { noWayOut } from '../../fixtures/no-way-out.ts'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const start = Date.UTC(2025, 0, 15, 9)
export const baseUrl = 'http://localhost:8080'
export const fhirBase = `${baseUrl}/fhir`
export const verifier = 'the-verifier-of-these-tests-has-more-than-43-characters'
export const challenge = sha256(verifier)
export const callback = 'https://app.example/callback'
export const secret = 'a-secret-of-the-confidential-app'

const allScopes =
  'launch launch/patient launch/encounter launch/imagingstudy launch/diagnosticreport launch/questionnaire openid fhirUser profile offline_access online_access patient/*.cruds user/*.rs'

export const publicApp: Client = {
  id: 'public-app',
  name: 'Trends',
  authMethod: 'none',
  redirectUris: [callback, 'http://localhost:3000/cb', 'org.example.app:/cb'],
  grantTypes: ['authorization_code', 'refresh_token'],
  scope: allScopes,
  createdAt: start,
}

export const confidentialApp: Client = {
  ...publicApp,
  id: 'confidential-app',
  name: 'Clinic Tools',
  authMethod: 'client_secret_basic',
  secrets: [{ hash: sha256(secret), createdAt: start }],
  redirectUris: [callback],
}

/** Sees other apps' tokens, because an administrator said so. */
export const resourceServer: Client = {
  ...confidentialApp,
  id: 'resource-server',
  name: 'Imaging Archive',
  resourceServer: true,
  scope: `${allScopes} __introspect`,
}

export const otherApp: Client = { ...publicApp, id: 'other-app', name: 'Other' }

export const users = {
  doctor: {
    id: 'u-doctor',
    sessionId: 's-doctor',
    name: 'Dr Lin',
    kind: 'clinician',
    fhirUser: 'Practitioner/lin',
    authenticatedAt: start - MINUTE,
  },
  nurse: {
    id: 'u-nurse',
    sessionId: 's-nurse',
    name: 'Nurse Okafor',
    kind: 'clinician',
    fhirUser: 'Practitioner/okafor',
    authenticatedAt: start - MINUTE,
  },
  patient: {
    id: 'u-amara',
    sessionId: 's-amara',
    name: 'Amara',
    kind: 'patient',
    fhirUser: 'Patient/amara',
    authenticatedAt: start - MINUTE,
  },
  parent: {
    id: 'u-diego',
    sessionId: 's-diego',
    name: 'Diego',
    kind: 'patient',
    fhirUser: 'Patient/diego',
    authenticatedAt: start - MINUTE,
  },
  admin: {
    id: 'u-admin',
    sessionId: 's-admin',
    name: 'Admin',
    kind: 'clinician',
    authenticatedAt: start - MINUTE,
  },
} as const satisfies Record<string, User>

const patients: readonly PatientSummary[] = [
  { id: 'amara', name: 'Amara Adeyemi', birthDate: '1981-04-02', gender: 'female', identifier: 'MRN 1001' },
  { id: 'diego', name: 'Diego Alvarez', birthDate: '1979-11-20', gender: 'male', identifier: 'MRN 1002' },
  { id: 'lucia', name: 'Lucía Alvarez', birthDate: '2016-08-09', gender: 'female', identifier: 'MRN 1003' },
  { id: 'secret', name: 'Hidden Person', birthDate: '1970-01-01' },
]

const mayOpen: Readonly<Record<string, readonly string[]>> = {
  'u-doctor': ['amara', 'diego', 'lucia'],
  'u-nurse': ['diego'],
  'u-amara': ['amara'],
  'u-diego': ['diego', 'lucia'],
  'u-admin': [],
}

const encounters: readonly EncounterSummary[] = [
  { id: 'e2', label: 'Consultation', start: '2025-01-15', status: 'in-progress' },
  { id: 'e1', label: 'Hospital stay', start: '2024-03-02', end: '2024-03-05', status: 'finished' },
]

const resources = [
  { id: 'amara-ct', label: 'CT of the chest', type: 'ImagingStudy', patient: 'amara' },
  { id: 'amara-mri', label: 'MRI of the knee', type: 'ImagingStudy', patient: 'amara' },
  { id: 'diego-ct', label: 'CT of the head', type: 'ImagingStudy', patient: 'diego' },
  { id: 'survey', label: 'Sleep survey', type: 'Questionnaire' },
  { id: 'lease', label: 'A wheelchair on loan', type: 'Contract' },
]

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

function openTo(user: User): PatientSummary[] {
  return patients.filter(({ id }) => mayOpen[user.id]?.includes(id))
}

const directory: PatientDirectory = {
  search: async (user, text) =>
    openTo(user).filter(({ name }) => name.toLowerCase().includes(text.toLowerCase())),
  describe: async (user, id) => openTo(user).find((patient) => patient.id === id),
  own: async (user) =>
    openTo(user).map((patient) => ({
      ...patient,
      relation: `Patient/${patient.id}` === user.fhirUser ? ('self' as const) : ('dependant' as const),
    })),
  encounters: async (_user, patientId) => (patientId === 'amara' ? [] : [...encounters]),
  resources: async (_user, { type, patient, isOfPatient }) =>
    resources.filter((one) => one.type === type && (!isOfPatient || one.patient === patient)),
  ownersOf: async (_user, reference) => {
    const found = resources.find(({ type, id }) => `${type}/${id}` === reference)
    return found && (found.patient === undefined ? [] : [found.patient])
  },
}

/** What is put on record with a token, as the trail would have it. */
export function recordingIn(events: AuditEvent[]): Recording {
  return {
    inTurn: 'audit',
    headOf: async () => beginning,
    append: async (_tx, records) => void events.push(...records.map(({ event }) => event)),
  }
}

export interface WorldOptions {
  /** What the site demands a second factor for. */
  readonly stepUp?: StepUpRule
  readonly http?: Pick<AppOptions, 'limits' | 'trustedProxies'>
  readonly clients?: readonly Client[]
  readonly openRegistration?: boolean
  readonly needsDpopNonce?: boolean
  /** How long decisions are remembered; default 365 days. */
  readonly rememberFor?: number
  readonly registration?: Partial<RegistrationRules>
  readonly documents?: DocumentRules
  readonly brands?: Brands
  readonly outbound?: Partial<Outbound>
}

/** Signing in, played: whose session's name is in the cookie is the one at the browser. */
function playedSignIn() {
  const live = new Set<string>(Object.values(users).map((user) => user.sessionId))
  const inactive = new Set<string>()
  const signedIn: User[] = []
  const signIn: SignIn = {
    currentUser: async ({ cookies }) =>
      [...Object.values<User>(users), ...signedIn].findLast(
        ({ sessionId }) => sessionId === cookies.session && live.has(sessionId),
      ),
    signInUrl: (returnTo, hints) =>
      `/account/sign-in?${new URLSearchParams({ return_to: returnTo, ...(hints.loginHint && { login_hint: hints.loginHint }), ...(hints.again && { again: '1' }), ...(hints.uiLocales && { ui_locales: hints.uiLocales }), ...(hints.level && { level: hints.level }), ...(hints.must && { must: '1' }) })}`,
    endSession: async ({ cookies }) => {
      live.delete(cookies.session ?? '')
      return [{ name: 'session', value: '', maxAge: 0 }]
    },
    isSessionLive: async (sessionId) => live.has(sessionId),
    isUserActive: async (userId) => !inactive.has(userId),
  }
  function signInAt(time: number, user: User, methods?: readonly string[]): User {
    const sessionId = `${user.sessionId}-${signedIn.length}`
    const again = { ...user, sessionId, authenticatedAt: time, ...(methods && { methods }) }
    signedIn.push(again)
    live.add(sessionId)
    return again
  }
  return { signIn, live, inactive, signInAt }
}

async function openStores(apps: readonly Client[], events: AuditEvent[], now: () => number) {
  const sql = await openEmpty()
  const recording = recordingIn(events)
  const decisions = decisionsOver(sql, now, recording)
  const stores = {
    clients: createClientStore(sql),
    grants: createGrantStore(sql, recording, decisions),
    registrations: createRegistrationStore(sql, recording, decisions),
    flows: createFlowStore(sql, decisions),
    rememberedConsents: createRememberedConsentStore(sql, decisions),
    reminders: createReminderStore(sql),
    pushed: createPushedRequestStore(sql),
    launches: createLaunchStore(sql),
    notices: createLogoutNoticeStore(sql),
    keys: createKeyStore(sql, undefined, recordingIn(events)),
    replays: createReplayStore(sql),
  }
  for (const key of await madeKeys) await stores.keys.addNext(key, 0)
  for (const client of apps) await stores.clients.add(client)
  /** As the store does where a session is ended. */
  const endSession = ({ sessionId, id }: User) =>
    sql.write((tx) => noteEnded(tx, [{ id: sessionId, account_id: id }]))
  return { sql, ...stores, endSession }
}

function rulesOf({ openRegistration, registration }: WorldOptions): RegistrationRules {
  return {
    ...(openRegistration && { open: everyRecord }),
    keepsWaiting: true,
    mostWaiting: 20,
    statementIssuers: [],
    ...registration,
  }
}

/** A running server and the strings to pull. */
export async function createWorld(options: WorldOptions = {}) {
  let time = start
  const now = () => time
  const { signIn, live, inactive, signInAt } = playedSignIn()
  const events: AuditEvent[] = []
  const shut = new Set<string>()
  const { sql, ...stores } = await openStores(
    options.clients ?? [publicApp, confidentialApp, otherApp, resourceServer],
    events,
    now,
  )
  async function serve(wanted: WorldOptions) {
    const authorization = await createAuthorization({
      baseUrl,
      secret: 'a secret of at least 256 bits for the nonces of these tests',
      needsDpopNonce: wanted.needsDpopNonce ?? false,
      registration: rulesOf(wanted),
      ...(wanted.documents && { documents: wanted.documents }),
      ...(wanted.brands && { brands: wanted.brands }),
      ...(wanted.stepUp && { stepUp: wanted.stepUp }),
      ...(wanted.rememberFor !== undefined && { rememberFor: wanted.rememberFor }),
      ...stores,
      signIn,
      directory: {
        ...directory,
        describe: async (user, id) => (shut.has(id) ? undefined : directory.describe(user, id)),
      },
      sealerOf: (one) => createSealer(one, 'answers'),
      supportsFilter: (_type, filter) =>
        filter.every(({ parameter }) => ['category', 'status'].includes(parameter)),
      audit: { record: async (event) => void events.push(event) },
      outbound: { ...noWayOut, ...wanted.outbound },
      csrf: createCsrf('a secret of at least 256 bits for the forms of these tests'),
      now,
    })
    const app = createApp({
      routes: [...authorization.routes, ...uiRoutes()],
      log: silentLog,
      baseUrl,
      allowsOrigin: authorization.allowsOrigin,
      ...wanted.http,
    })
    return { authorization, app }
  }
  const { authorization, app } = await serve(options)

  async function launch(user: User, context: LaunchContext, clientId = publicApp.id, lifetime = 5 * MINUTE) {
    const handle = `launch-${Math.random()}`
    await stores.launches.add({
      handleHash: sha256(handle),
      clientId,
      userId: user.id,
      sessionId: user.sessionId,
      context,
      expiresAt: time + lifetime,
    })
    return handle
  }

  return {
    app,
    authorization,
    ...stores,
    sql,
    events,
    launch,
    now,
    /** The server as it is when it is started anew with these settings, over the same stores. */
    restart: serve,
    /** A sign-in of now, in a session of its own. */
    signIn: (user: User, methods?: readonly string[]) => signInAt(time, user, methods),
    signOut: (user: User) => live.delete(user.sessionId),
    /** Nobody may open this record from now on. */
    shut: (patient: string) => shut.add(patient),
    deactivate: (user: User) => inactive.add(user.id),
    pass: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

export type World = Awaited<ReturnType<typeof createWorld>>
