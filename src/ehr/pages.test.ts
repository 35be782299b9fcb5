import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../http/app.ts'
import { createCsrf } from '../http/csrf.ts'
import type { InjectedReply } from '../http/inject.ts'
import type { Resource } from '../smart/resource.ts'
import { createEhr } from './index.ts'
import { takeLaunch } from './launch.ts'
import type {
  AppSummary,
  EhrUser,
  Emergency,
  LaunchHolder,
  Releases,
  StoredEmergency,
  StoredLaunch,
} from './ports.ts'

const baseUrl = 'http://localhost:8080'
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
  lin: person('lin', 'clinician'),
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
  { resourceType: 'Condition', id: 'c1', subject: { reference: 'Patient/1' }, code: { text: 'Gout <x>' } },
]

function isHolders(launch: StoredLaunch | undefined, by: LaunchHolder): boolean {
  return launch?.clientId === by.clientId && launch.userId === by.userId && launch.sessionId === by.sessionId
}

function createLaunches() {
  const stored = new Map<string, StoredLaunch>()
  const find = async (hash: string, by: LaunchHolder) =>
    isHolders(stored.get(hash), by) ? stored.get(hash) : undefined
  return {
    stored,
    add: async (launch: StoredLaunch) => void stored.set(launch.handleHash, launch),
    find,
    take: async (hash: string, by: LaunchHolder) => {
      const launch = await find(hash, by)
      if (launch) stored.delete(hash)
      return launch
    },
    sweep: async () => {},
  }
}

async function get(_user: EhrUser, path: string): Promise<Resource | undefined> {
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
  const now = Date.UTC(2026, 0, 1)
  const emergency: Emergency = {
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
  return { opened, emergency }
}

const releaseTag = 'urn:release|waits'

/** Releases what is in `records`; the person `chief` may release everything. */
function createReleases() {
  const released: Resource[] = []
  const releases: Releases = {
    tag: () => releaseTag,
    mayReleaseAny: async ({ username }) => username === 'chief',
    replace: async (_user, resource) => resource.id !== 'stale' && released.push(resource) > 0,
  }
  return { released, releases }
}

function createServer(sandboxed = true) {
  const { opened, emergency } = createEmergencyRoom()
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
    emergency,
    releases,
    audit: { record: () => {} },
    csrf: createCsrf('0123456789abcdef0123456789abcdef'),
    baseUrl,
    fhirBase: `${baseUrl}/fhir`,
    now: () => Date.UTC(2026, 0, 1),
    ids: { secret: () => `${++serial}`.padStart(43, 'h') },
    ...(sandboxed ? { sandbox: { accounts: [], password: 'sandbox' } } : {}),
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
  return { app, ehr, as, post, launches, opened, released }
}

/** Markup as a browser reads it, entities resolved. */
const read = (markup: string) =>
  markup.replaceAll(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))

const policyOf = (reply: InjectedReply, directive: string) =>
  reply.headers['content-security-policy']
    ?.split('; ')
    .find((each) => each.startsWith(`${directive} `))
    ?.split(' ')
    .slice(1)

test('who is not signed in signs in and comes back; everybody else is sent where they belong', async () => {
  const { app, as } = createServer()
  const anonymous = await app.inject({ url: '/ehr?q=a%20b' })
  assert.equal(anonymous.headers.location, '/account/sign-in?return_to=%2Fehr%3Fq%3Da%2520b')
  assert.equal((await as('diego', '/ehr')).headers.location, '/portal')
  assert.equal((await as('lin', '/portal')).headers.location, '/ehr')
  assert.equal((await as('admin', '/ehr')).status, 403)
  assert.equal((await as('diego', '/portal')).headers.location, '/portal/patients/1')
})

test('every section of a chart opens, in both languages, with the record as text and not as markup', async () => {
  const { as } = createServer()
  for (const section of [
    'summary',
    'problems',
    'medications',
    'allergies',
    'results',
    'vitals',
    'immunizations',
    'encounters',
    'nonsense',
  ])
    for (const locale of ['en', 'zh-TW']) {
      const { status, body } = await as('lin', `/ehr/patients/1?section=${section}&ui_locales=${locale}`)
      assert.equal(status, 200)
      assert.match(read(body), /<i>Ann<\/i> Doe & Sons/)
      assert.doesNotMatch(body, /<i>Ann|Gout <x>|Trends <b>|undefined|\[object/)
    }
})

test('a patient who is not there and one the user may not see get the same page', async () => {
  const { as } = createServer()
  assert.equal((await as('lin', '/ehr/patients/none')).status, 404)
  // The account names this record, but the server does not show it to them.
  assert.equal((await as('diego', '/portal/patients/secret')).status, 404)
  assert.equal((await as('diego', '/portal/patients/2')).status, 404)
  assert.equal((await as('diego', '/portal/patients/child')).status, 200)
})

test('what is no id names no patient and no encounter, and is not asked for', async () => {
  const { as } = createServer()
  for (const id of ['_history', '$everything', '%24everything', 'a%2F_history', 'x'.repeat(65)]) {
    assert.equal((await as('lin', `/ehr/patients/${id}`)).status, 404)
    assert.equal((await as('lin', `/ehr/patients/${id}/apps/trends`)).status, 404)
    assert.equal((await as('lin', `/ehr/patients/1?encounter=${id}`)).status, 200)
    assert.equal((await as('lin', `/launcher/launch?client=trends&patient=${id}`)).status, 200)
  }
})

test('CTX-16: only an encounter of this patient comes into context', async () => {
  const { as } = createServer()
  assert.match(
    (await as('lin', '/ehr/patients/1?section=results&encounter=e1')).body,
    /name="encounter" value="e1"/,
  )
  assert.doesNotMatch(
    (await as('lin', '/ehr/patients/1?section=results&encounter=e2')).body,
    /name="encounter"/,
  )
})

test('LNCH-01, CTX-17: a new window gets the launch itself, with patient and encounter and the banner left to the app', async () => {
  const { post, ehr } = createServer()
  const reply = await post('lin', '/ehr/patients/1', '/ehr/patients/1/launches', {
    client: 'far',
    encounter: 'e1',
    display: 'window',
  })
  const url = new URL(reply.headers.location ?? '')
  assert.equal(url.origin, 'https://far.example')
  assert.equal(url.searchParams.get('iss'), `${baseUrl}/fhir`)
  const holder = { clientId: 'far', userId: 'usr_lin', sessionId: 'session-lin' }
  assert.deepEqual(await ehr.takeLaunch(url.searchParams.get('launch') ?? '', holder), {
    patient: '1',
    needPatientBanner: true,
    encounter: 'e1',
  })
})

test('LNCH-01, CTX-17: an embedded app is framed below our banner, once, from its own origin only', async () => {
  const { post, as, launches } = createServer()
  const reply = await post('lin', '/ehr/patients/1', '/ehr/patients/1/launches', {
    client: 'trends',
    display: 'here',
  })
  const frame = reply.headers.location ?? ''
  assert.match(frame, /^\/ehr\/patients\/1\/apps\/trends\?launch=/)
  const opened = await as('lin', frame)
  const source = /<iframe[^>]+src="([^"]+)"/.exec(read(opened.body))?.[1] ?? ''
  assert.deepEqual(policyOf(opened, 'frame-src'), ["'self'", baseUrl])
  assert.deepEqual(policyOf(await as('lin', '/ehr/patients/1'), 'frame-src'), ["'none'"])
  const handle = new URL(source).searchParams.get('launch') ?? ''
  const holder = { clientId: 'trends', userId: 'usr_lin', sessionId: 'session-lin' }
  const context = await takeLaunch({ launches, now: () => 0 }, handle, holder)
  assert.deepEqual(context, { patient: '1', needPatientBanner: false })
  assert.doesNotMatch((await as('lin', frame)).body, /<iframe/)
})

test('a launch that was made for one patient is not shown below another’s banner', async () => {
  const { post, as } = createServer()
  const reply = await post('lin', '/ehr/patients/1', '/ehr/patients/1/launches', {
    client: 'trends',
    display: 'here',
  })
  const elsewhere = (reply.headers.location ?? '').replace('/patients/1/', '/patients/child/')
  assert.doesNotMatch((await as('lin', elsewhere)).body, /<iframe/)
})

test('LNCH-06: no launch without a form of ours, for an unknown app, patient or encounter', async () => {
  const { app, post, launches } = createServer()
  const forged = await app.inject({
    url: '/ehr/patients/1/launches',
    form: { client: 'far' },
    cookies: { user: 'lin' },
  })
  assert.equal(forged.status, 403)
  const launch = (fields: Record<string, string>, patient = '1') =>
    post('lin', '/ehr/patients/1', `/ehr/patients/${patient}/launches`, fields)
  assert.equal((await launch({ client: 'none' })).status, 404)
  assert.equal((await launch({})).status, 404)
  assert.equal((await launch({ client: 'far' }, 'none')).status, 404)
  assert.equal((await launch({ client: 'far', encounter: 'e2' })).status, 400)
  assert.equal((await launch({ client: 'far', encounter: 'a b' })).status, 400)
  assert.equal(launches.stored.size, 0)
})

test('LNCH-10: a patient launches from the portal on a record they may see', async () => {
  const { post, launches } = createServer()
  const reply = await post('diego', '/portal/patients/child', '/portal/patients/child/launches', {
    client: 'far',
  })
  assert.equal(new URL(reply.headers.location ?? '').origin, 'https://far.example')
  assert.deepEqual([...launches.stored.values()][0]?.context, { patient: 'child', needPatientBanner: true })
  assert.equal(
    (await post('diego', '/portal/patients/1', '/portal/patients/secret/launches', { client: 'far' })).status,
    404,
  )
})

test('LNCH-06: a shared launch is confirmed, and starts as whoever opened it', async () => {
  const { as, post, launches } = createServer()
  const link = '/launcher/launch?client=far&kind=ehr&user=nurse&patient=1&intent=review'
  const asked = await as('lin', link)
  assert.match(asked.body, /nurse/)
  assert.ok(policyOf(asked, 'form-action')?.includes('https://far.example'))
  assert.equal(launches.stored.size, 0)
  const fields = { client: 'far', kind: 'ehr', user: 'nurse', patient: '1', intent: 'review' }
  assert.equal((await post('lin', link, '/launcher/launch', fields)).status, 303)
  const [launch] = launches.stored.values()
  assert.equal(launch?.userId, 'usr_lin')
  assert.deepEqual(launch?.context, { patient: '1', intent: 'review', needPatientBanner: false })
})

test('LNCH-10: an EHR launch is not for a patient, and a portal launch takes their own record', async () => {
  const { as, post, launches } = createServer()
  const link = '/launcher/launch?client=far&kind=ehr'
  assert.doesNotMatch((await as('diego', link)).body, /method="post" action="\/launcher\/launch"/)
  await post('diego', link, '/launcher/launch', { client: 'far', kind: 'ehr', patient: '1' })
  assert.equal(launches.stored.size, 0)
  await post('diego', '/launcher/launch?client=far&kind=portal', '/launcher/launch', {
    client: 'far',
    kind: 'portal',
  })
  assert.equal([...launches.stored.values()][0]?.context.patient, '1')
})

test('the launch builder is there in a sandbox only, and tells what is wrong with a plan', async () => {
  const { as } = createServer()
  assert.match(read((await as('', '/launcher?kind=ehr&client=far')).body), /\/launcher\/launch\?client=far/)
  assert.match((await as('', '/launcher?kind=ehr&launch_url=https://x.example/')).body, /\/oauth\/register/)
  const production = createServer(false)
  assert.equal((await production.as('lin', '/launcher')).status, 404)
  assert.doesNotMatch((await production.as('', '/')).body, /sandbox|\/launcher/)
})

test('hostile paging and search values stay values', async () => {
  const { as } = createServer()
  for (const query of [
    'next=Observation%3Fpatient%3D1',
    'next=..%2F..%2Fadmin',
    'q=%3Cscript%3E',
    'q=%00',
    'q='.padEnd(3000, 'x'),
  ]) {
    const { status, body } = await as('lin', `/ehr?${query}`)
    assert.equal(status, 200)
    assert.doesNotMatch(body, /<script>|Gout/)
  }
})
