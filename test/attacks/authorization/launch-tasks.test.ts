/** Attempts with Tasks that ask for a launch: what stands in a record gives nobody a right, and leads nowhere. TASK-01 to TASK-10. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, csrfOf } from './launch-browser.ts'
import { openLaunchWorld } from './launch-world.ts'
import { callback, fhirBase, verifier } from './world.ts'

const world = await openLaunchWorld()

async function signedIn(user: string): Promise<Browser> {
  const browser = new Browser(world)
  await browser.start({ user, patient: undefined })
  return browser
}

/** Presses the button of a task as the page has it, or would have it. */
async function press(browser: Browser, id: string, place = 'ehr') {
  const page = await browser.get(`/${place}/tasks`)
  return browser.post(`/${place}/tasks/${id}/launches`, { _csrf: csrfOf(page.body) })
}

test('TASK-08, TASK-09: a task launches its app with its patient, encounter, focus and app context', async () => {
  const browser = await signedIn('clinician')
  const went = await press(browser, 'good')
  assert.equal(went.status, 303)
  const url = new URL(went.headers.location ?? '')
  assert.equal(url.origin + url.pathname, 'https://app.example/launch')
  assert.equal(url.searchParams.get('iss'), fhirBase)
  const { page, url: flow } = await browser.authorize(url.searchParams.get('launch') ?? '')
  const scopes = [...page.body.matchAll(/name="scope" value="([^"]*)"/g)].map(([, value = '']) => value)
  const form = [
    ['_csrf', csrfOf(page.body)],
    ['decision', 'allow'],
    ...scopes.map((scope) => ['scope', scope.replaceAll('&#47;', '/')]),
  ] as [string, string][]
  const back = await world.app.inject({
    method: 'POST',
    url: new URL(flow).pathname,
    cookies: browser.cookies,
    form,
  })
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/token',
    form: {
      grant_type: 'authorization_code',
      client_id: 'app',
      code: new URL(back.headers.location ?? '').searchParams.get('code') ?? '',
      redirect_uri: callback,
      code_verifier: verifier,
    },
  })
  const body = JSON.parse(reply.body)
  assert.equal(body.patient, 'a')
  assert.equal(body.encounter, 'a-visit')
  assert.equal(body.appContext, 'plan 7')
  assert.deepEqual(body.fhirContext, [{ reference: 'ImagingStudy/a-study' }])
  assert.equal(body.need_patient_banner, true)
})

test('TASK-10: a person sees the open tasks of their own, with a button where the app is registered', async () => {
  const { body } = await (await signedIn('clinician')).get('/ehr/tasks')
  for (const id of ['good', 'elsewhere', 'alone']) assert.ok(body.includes(`Task ${id}`), id)
  for (const id of ['of-nurse', 'of-nobody', 'done', 'of-patient'])
    assert.ok(!body.includes(`Task ${id}`), id)
  assert.ok(body.includes('/ehr/tasks/good/launches'))
  for (const id of ['elsewhere', 'script', 'near', 'disabled'])
    assert.ok(!body.includes(`/ehr/tasks/${id}/launches`), id)
  assert.ok(!/evil\.example|javascript:/.test(body))
})

test('TASK-02: a standalone task opens the app’s own registered page, and nothing else', async () => {
  const browser = await signedIn('clinician')
  const { body } = await browser.get('/ehr/tasks')
  const links = [...body.matchAll(/<a [^>]*href="([^"]*)"[^>]*target="_blank"/g)].map(([, href]) => href)
  assert.deepEqual(links, ['https://app.example/'])
  assert.equal((await press(browser, 'alone')).status, 404)
})

for (const [what, user, id, status] of [
  ['an address that nobody registered', 'clinician', 'elsewhere', 404],
  ['a script', 'clinician', 'script', 404],
  ['an address that only begins like a registered one', 'clinician', 'near', 404],
  ['the address of a disabled app', 'clinician', 'disabled', 404],
  ['a task of a colleague', 'clinician', 'of-nurse', 404],
  ['a task of nobody', 'clinician', 'of-nobody', 404],
  ['a task that is done', 'clinician', 'done', 404],
  ['a task that does not exist', 'clinician', 'none', 404],
  ['no task', 'clinician', '%2e%2e%2fPatient%2fa', 404],
  ['the encounter of another patient', 'clinician', 'other-visit', 400],
  ['a focus of another patient', 'clinician', 'other-focus', 400],
  ['an encounter without patient', 'clinician', 'no-patient', 400],
  ['a patient outside the nurse’s care', 'nurse', 'reaches', 404],
  ['a task of a doctor', 'nurse', 'good', 404],
] as const) {
  test(`TASK-05, TASK-08: ${what} is not launched`, async () => {
    const browser = await signedIn(user)
    const before = await world.launches()
    const went = await press(browser, id)
    assert.equal(went.status, status)
    assert.equal(went.headers.location, undefined)
    assert.equal(await world.launches(), before)
  })
}

test('a patient launches own tasks from the portal, and none that is about somebody else', async () => {
  const browser = await signedIn('patient')
  assert.equal((await press(browser, 'of-patient', 'portal')).status, 303)
  assert.equal((await press(browser, 'of-b', 'portal')).status, 404)
  assert.equal((await press(browser, 'good', 'portal')).status, 404)
  assert.equal((await browser.get('/ehr/tasks')).headers.location, '/portal')
})

test('a form of another site presses no task', async () => {
  const browser = await signedIn('clinician')
  const page = await browser.get('/ehr/tasks')
  const before = await world.launches()
  for (const [fields, headers] of [
    [{}, {}],
    [{ _csrf: csrfOf(page.body) }, { 'sec-fetch-site': 'cross-site' }],
  ] as [Record<string, string>, Record<string, string>][])
    assert.equal((await browser.post('/ehr/tasks/good/launches', fields, headers)).status, 403)
  assert.equal(await world.launches(), before)
})

test('nobody who is not signed in sees or starts a task', async () => {
  const stranger = new Browser(world)
  for (const reply of [await stranger.get('/ehr/tasks'), await stranger.post('/ehr/tasks/good/launches', {})])
    assert.match(reply.headers.location ?? '', /^\/account\/sign-in/)
})
