import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Resource } from '../smart/resource.ts'
import { hashHandle, launchUrlOf, startLaunch, takeLaunch, waitingLaunch } from './launch.ts'
import { LaunchRefused } from './launch-refused.ts'
import type { AppSummary, EhrEvent, EhrUser, LaunchHolder } from './ports.ts'
import { createLaunches } from './test-world.ts'

const user: EhrUser = {
  id: 'usr_lin',
  username: 'dr.lin',
  name: 'Dr Lin',
  sessionId: 'session-1',
  kind: 'clinician',
  patients: [],
}
const app: AppSummary = {
  clientId: 'growth',
  name: 'Growth',
  launchUrl: 'https://app.example/launch?site=north%20wing&site=b',
  redirectUris: ['https://app.example/'],
}
const holder: LaunchHolder = { clientId: 'growth', userId: 'usr_lin', sessionId: 'session-1' }
const records: Record<string, Resource> = {
  'Patient/1': { resourceType: 'Patient', id: '1' },
  'Patient/2': { resourceType: 'Patient', id: '2' },
  'Encounter/e1': { resourceType: 'Encounter', id: 'e1', subject: { reference: 'Patient/1' } },
}

function createDeps() {
  const launches = createLaunches()
  const events: EhrEvent[] = []
  const clock = { now: 1_000_000 }
  return {
    stored: launches.stored,
    events,
    clock,
    launches,
    chart: { get: async (_user: Pick<EhrUser, 'id'>, path: string) => records[path] },
    audit: { record: (event: EhrEvent) => void events.push(event) },
    fhirBase: 'https://ehr.example/fhir',
    now: () => clock.now,
    ids: { secret: () => 'h'.repeat(43) },
  }
}

const refusedWith = (reason: string) => (error: unknown) =>
  error instanceof LaunchRefused && error.reason === reason

test('LNCH-01, LNCH-02, LNCH-03: the app is opened at its registered address with iss and launch, its query kept', async () => {
  const deps = createDeps()
  const { launchUrl, handle } = await startLaunch(deps, { app, user, context: { patient: '1' } })
  const url = new URL(launchUrl)
  assert.equal(url.origin + url.pathname, 'https://app.example/launch')
  assert.deepEqual(url.searchParams.getAll('site'), ['north wing', 'b'])
  assert.equal(url.searchParams.get('iss'), 'https://ehr.example/fhir')
  assert.equal(url.searchParams.get('launch'), handle)
})

test('LNCH-01: the registered address stays as it was registered, letter by letter, before what is ours', () => {
  for (const [registered, joint] of [
    ['https://app.example/launch', '?'],
    ['https://app.example/launch?', ''],
    ['https://app.example/launch?site=north%20wing&flag&tag=~a*(b)&empty=&path=/x/', '&'],
    ['https://app.example/launch?sig=a%2Bb%7E&sig=%E8%87%BA', '&'],
  ] as const) {
    const ours = `iss=${encodeURIComponent('https://ehr.example/fhir')}&launch=h`
    assert.equal(launchUrlOf(registered, 'https://ehr.example/fhir', 'h'), `${registered}${joint}${ours}`)
  }
})

test('LNCH-01: an address from before the rules of today breaks no header, and what is ours stays in the query', () => {
  const href = (address: string) => launchUrlOf(address, 'https://ehr.example/fhir', 'h')
  const ours = 'iss=https%3A%2F%2Fehr.example%2Ffhir&launch=h'
  assert.equal(
    href('https://app.example/a\r\nset-cookie: b?x=y z'),
    `https://app.example/aset-cookie:%20b?x=y%20z&${ours}`,
  )
  assert.equal(href('https://app.example#part'), `https://app.example/?${ours}#part`)
})

test('LNCH-02: iss and launch of ours replace any that were registered', () => {
  const url = new URL(launchUrlOf('https://app.example/?iss=evil&launch=x', 'https://ehr.example/fhir', 'h'))
  assert.deepEqual(url.searchParams.getAll('iss'), ['https://ehr.example/fhir'])
  assert.deepEqual(url.searchParams.getAll('launch'), ['h'])
  const disguised = launchUrlOf('https://app.example/?i%73s=evil&a=1&launch', 'https://ehr.example/fhir', 'h')
  assert.deepEqual(
    [...new URL(disguised).searchParams],
    [
      ['a', '1'],
      ['iss', 'https://ehr.example/fhir'],
      ['launch', 'h'],
    ],
  )
})

test('the language of the page goes along as a hint, unless the registered address has one', () => {
  const hintOf = (address: string, locale?: 'en' | 'zh-TW') =>
    new URL(launchUrlOf(address, 'https://ehr.example/fhir', 'h', locale)).searchParams.getAll('ui_locales')
  assert.deepEqual(hintOf('https://app.example/launch', 'zh-TW'), ['zh-TW'])
  assert.deepEqual(hintOf('https://app.example/launch?ui_locales=fr', 'zh-TW'), ['fr'])
  assert.deepEqual(hintOf('https://app.example/launch'), [])
})

test('LNCH-03: only a hash of the handle is stored', async () => {
  const deps = createDeps()
  const { handle } = await startLaunch(deps, { app, user, context: { patient: '1' } })
  assert.ok(!JSON.stringify([...deps.stored]).includes(handle))
  assert.ok(deps.stored.has(hashHandle(handle)))
})

test('LNCH-06: the context comes back once, to the app, user and session it was made for', async () => {
  const deps = createDeps()
  const context = { patient: '1', encounter: 'e1', intent: 'review', needPatientBanner: false }
  const { handle } = await startLaunch(deps, { app, user, context })
  assert.equal(await takeLaunch(deps, handle, { ...holder, userId: 'usr_else' }), undefined)
  assert.equal(await takeLaunch(deps, handle, { ...holder, clientId: 'other' }), undefined)
  assert.deepEqual(await waitingLaunch(deps, handle, holder), context)
  assert.deepEqual(await takeLaunch(deps, handle, holder), context)
  assert.equal(await takeLaunch(deps, handle, holder), undefined)
  assert.equal(await waitingLaunch(deps, handle, holder), undefined)
})

test('LNCH-03: a handle lives five minutes', async () => {
  const deps = createDeps()
  const { handle } = await startLaunch(deps, { app, user, context: {} })
  deps.clock.now += 5 * 60_000 - 1
  assert.ok(await waitingLaunch(deps, handle, holder))
  deps.clock.now += 1
  assert.equal(await takeLaunch(deps, handle, holder), undefined)
})

test('LNCH-01: an app without launch address is not launched', async () => {
  const { launchUrl: _, ...unlaunchable } = app
  await assert.rejects(
    startLaunch(createDeps(), { app: unlaunchable, user, context: {} }),
    refusedWith('no-launch-address'),
  )
})

test('CTX-14, CTX-16: the user must see the patient, and the encounter must be that patient’s', async () => {
  const deps = createDeps()
  const start = (context: object) => startLaunch(deps, { app, user, context })
  await assert.rejects(start({ patient: '3' }), refusedWith('unknown-patient'))
  await assert.rejects(start({ patient: 'Patient/1' }), refusedWith('bad-context'))
  await assert.rejects(start({ patient: '1', encounter: 'none' }), refusedWith('unknown-encounter'))
  await assert.rejects(start({ patient: '2', encounter: 'e1' }), refusedWith('encounter-of-another'))
  await assert.rejects(start({ encounter: 'e1' }), refusedWith('encounter-of-another'))
  assert.equal(deps.stored.size, 0)
})

test('a launch is in the audit trail, and so is a refused one with its reason', async () => {
  const deps = createDeps()
  await startLaunch(deps, { app, user, context: { patient: '1' } })
  await assert.rejects(startLaunch(deps, { app, user, context: { patient: '3' } }))
  assert.deepEqual(
    deps.events.map(({ action, patient }) => [action, patient]),
    [
      ['launched', '1'],
      ['launch-refused', '3'],
    ],
  )
})
