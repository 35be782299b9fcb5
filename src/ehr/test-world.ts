/** An EHR with a few people, patients and apps, its stores in memory, for the tests of this folder. */
import assert from 'node:assert/strict'
import { createApp } from '../http/app.ts'
import { createCsrf } from '../http/csrf.ts'
import type { Resource } from '../smart/resource.ts'
import { createEhr } from './index.ts'
import { launchScope } from './launch-api/errors.ts'
import type {
  AppSummary,
  EhrUser,
  Emergency,
  LaunchHolder,
  LaunchStore,
  Releases,
  StoredEmergency,
  StoredLaunch,
} from './ports.ts'

/** What a system launches apps with. */
export const launchToken = 'the-token-of-the-hospital'
/** What the outside calls it. */
export const baseUrl = 'http://localhost:8080'
/** The style document of these tests. */
export const styleUrl = `${baseUrl}/ui/style/1.json`
const apps: AppSummary[] = [
  {
    clientId: 'trends',
    name: 'Trends <b>',
    launchUrl: `${baseUrl}/apps/trends/launch.html`,
    redirectUris: [`${baseUrl}/apps/trends/`],
  },
  { clientId: 'far', name: 'Far', launchUrl: 'https://far.example/launch', redirectUris: [] },
]
const person = (username: string, kind: EhrUser['kind'], patients: string[] = []): EhrUser => ({
  id: `usr_${username}`,
  username,
  name: username,
  sessionId: `session-${username}`,
  kind,
  patients,
})
const users: Record<string, EhrUser> = {
  lin: { ...person('lin', 'clinician'), fhirUser: 'Practitioner/lin' },
  nurse: { ...person('nurse', 'clinician'), fhirUser: 'Practitioner/nurse' },
  surgeon: { ...person('surgeon', 'clinician'), fhirUser: 'Practitioner/surgeon' },
  chief: person('chief', 'clinician'),
  diego: {
    ...person('diego', 'patient', ['1', 'child', 'secret']),
    fhirUser: 'RelatedPerson/9',
    ownRecord: '1',
  },
  admin: person('admin', 'other'),
}
const records: Resource[] = [
  { resourceType: 'Patient', id: '1', name: [{ family: 'Doe & Sons', given: ['<i>Ann</i>'] }] },
  { resourceType: 'Patient', id: 'child', name: [{ given: ['Luca'] }] },
  { resourceType: 'Encounter', id: 'e1', subject: { reference: 'Patient/1' }, type: [{ text: 'Check-up' }] },
  {
    resourceType: 'Encounter',
    id: 'e2',
    subject: { reference: 'Patient/child' },
    type: [{ text: 'Other visit' }],
  },
  {
    resourceType: 'Observation',
    id: 'o1',
    meta: { versionId: '3', tag: [{ system: 'urn:release', code: 'waits' }, { code: 'kept' }] },
    code: { text: 'Potassium' },
    subject: { reference: 'Patient/1' },
  },
  {
    resourceType: 'DiagnosticReport',
    id: 'd1',
    meta: { tag: [{ system: 'urn:release', code: 'waits' }] },
    subject: { reference: 'Patient/1' },
    resultsInterpreter: [{ reference: 'Practitioner/lin', display: 'Dr Lin' }],
    result: [{ reference: 'Observation/o1' }, { reference: 'Observation/of-nobody' }],
  },
  {
    resourceType: 'DiagnosticReport',
    id: 'ordered',
    meta: { tag: [{ system: 'urn:release', code: 'waits' }] },
    subject: { reference: 'Patient/1' },
    basedOn: [{ reference: 'ServiceRequest/s1' }],
    resultsInterpreter: [{ reference: 'Practitioner/lin' }],
  },
  {
    resourceType: 'ServiceRequest',
    id: 's1',
    subject: { reference: 'Patient/1' },
    requester: { reference: 'Practitioner/surgeon' },
  },
  {
    resourceType: 'Observation',
    id: 'stale',
    meta: { tag: [{ system: 'urn:release', code: 'waits' }] },
    subject: { reference: 'Patient/1' },
    performer: [{ reference: 'Practitioner/lin' }],
  },
  { resourceType: 'Condition', id: 'c1', subject: { reference: 'Patient/1' }, code: { text: 'Gout <x>' } },
]

function isHolders(launch: StoredLaunch, by: LaunchHolder, now: number): boolean {
  return (
    launch.clientId === by.clientId &&
    launch.userId === by.userId &&
    launch.sessionId === by.sessionId &&
    launch.expiresAt > now
  )
}

/** The launch store in memory: by the hashes of handles, and of start tokens. */
export function createLaunches() {
  const stored = new Map<string, StoredLaunch>()
  const starts = new Map<string, { handleHash: string; expiresAt: number }>()
  const find: LaunchStore['find'] = async (hash, by, now) => {
    const launch = stored.get(hash)
    return launch && isHolders(launch, by, now) ? launch : undefined
  }
  const findStart: LaunchStore['findStart'] = async (hash, now) => {
    const start = starts.get(hash)
    return start && start.expiresAt > now ? stored.get(start.handleHash) : undefined
  }
  const store: LaunchStore = {
    async add(launch, start) {
      stored.set(launch.handleHash, launch)
      if (start) starts.set(start.hash, { handleHash: launch.handleHash, expiresAt: start.expiresAt })
    },
    find,
    async take(hash, by, now) {
      const launch = await find(hash, by, now)
      if (launch) stored.delete(hash)
      return launch
    },
    findStart,
    async useStart(hash, now) {
      const launch = await findStart(hash, now)
      starts.delete(hash)
      return launch
    },
    async bind(hash, sessionId) {
      const launch = stored.get(hash)
      if (!launch || launch.sessionId !== undefined) return false
      stored.set(hash, { ...launch, sessionId })
      return true
    },
    sweep: async () => {},
  }
  return { stored, ...store }
}

async function get(_user: Pick<EhrUser, 'id'>, path: string): Promise<Resource | undefined> {
  const [where = '', query] = path.split('?')
  // The server has other things than resources below its base, and fails at some.
  assert.match(where, /^[A-Za-z]+(\/[A-Za-z0-9.-]{1,64})?$/)
  if (query === undefined)
    return records.find(({ resourceType, id }) => `${resourceType}/${id}` === decodeURIComponent(where))
  const patient = new URLSearchParams(query).get('patient')
  const found = records.filter(
    ({ resourceType, subject }) =>
      resourceType === where &&
      (patient === null || (subject as { reference: string }).reference === `Patient/${patient}`),
  )
  return { resourceType: 'Bundle', total: found.length, entry: found.map((resource) => ({ resource })) }
}

/** An emergency room: what is opened is listed; only nobody called `admin` may. */
function createEmergencyRoom() {
  const opened: StoredEmergency[] = []
  const proof = { given: true }
  const now = Date.UTC(2026, 0, 1)
  const emergency: Emergency = {
    isProven: async () => proof.given,
    isOffered: async ({ kind }) => kind === 'clinician',
    minutes: () => 15,
    open: async ({ id, name }, patient, reason) =>
      void opened.push({
        id: `${opened.length}`,
        userId: id,
        patient,
        name,
        reason,
        openedAt: now,
        endsAt: now + 900_000,
      }),
    list: async (patient) => opened.filter((one) => one.patient === patient),
  }
  return { opened, emergency, proof }
}

const releaseTag = 'urn:release|waits'

/** Releases what is in `records`; the person `chief` may release everything. */
function createReleases() {
  const released: Resource[] = []
  const releases: Releases = {
    tag: () => releaseTag,
    mayReleaseAny: async ({ username }) => username === 'chief',
    release: async (_user, resource) => resource.id !== 'stale' && released.push(resource) > 0,
  }
  return { released, releases }
}

/** Makes the EHR anew. */
export function createServer(sandboxed = true) {
  const { opened, emergency, proof } = createEmergencyRoom()
  const { released, releases } = createReleases()
  let serial = 0
  const launches = createLaunches()
  const ehr = createEhr({
    apps: { list: async () => apps, find: async (id) => apps.find(({ clientId }) => clientId === id) },
    chart: { get },
    currentUser: {
      find: async ({ cookies }) => users[cookies.user ?? ''],
      signInUrl: (to) => `/account/sign-in?return_to=${encodeURIComponent(to)}`,
    },
    launches,
    callers: {
      verify: async (token) =>
        token === launchToken ? { clientId: 'hospital', scopes: [launchScope] } : undefined,
    },
    people: {
      findNamed: async (name) => Object.values(users).find(({ username }) => username === name),
      find: async (id) => Object.values(users).find((user) => user.id === id),
      signIn: async (id) => ({
        sessionId: id.replace('usr_', 'session-'),
        cookies: [{ name: 'user', value: id.replace('usr_', '') }],
      }),
    },
    emergency,
    releases,
    offlineReminder: async (userId) => (['usr_diego', 'usr_lin'].includes(userId) ? ['Trends', 'Diary'] : []),
    styleUrl,
    audit: { record: () => {} },
    csrf: createCsrf('0123456789abcdef0123456789abcdef'),
    baseUrl,
    fhirBase: `${baseUrl}/fhir`,
    now: () => Date.UTC(2026, 0, 1),
    ids: { secret: () => `${++serial}`.padStart(43, 'h') },
    ...(sandboxed ? { sandbox: { accounts: [], password: 'sandbox', tenant: 'clinic' } } : {}),
  })
  const log = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} }
  const app = createApp({ routes: ehr.routes, log, baseUrl, allowsOrigin: async () => false })
  const as = (user: string, url: string) => app.inject({ url, cookies: { user } })
  /** Posts a form as a browser would that has just opened `page`. */
  async function post(user: string, page: string, url: string, fields: Record<string, string>) {
    const opened = await as(user, page)
    const value = /name="_csrf" value="([^"]+)"/.exec(opened.body)?.[1] ?? ''
    return app.inject({ url, form: { _csrf: value, ...fields }, cookies: { user, ...opened.cookies } })
  }
  return { app, ehr, as, post, launches, opened, proof, released }
}
