/** Attempts with the address that signs a browser in for a launch. SEED-20, LNCH-06; docs/adr/0025-launches-by-other-systems.md. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser, cookieName, csrfOf, local } from './launch-browser.ts'
import { openLaunchWorld } from './launch-world.ts'
import { callback, MINUTE, SECOND, verifier } from './world.ts'

test('SEED-20, LNCH-06: the address signs the browser in without a password, and the app gets the context', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const { ordered, reply } = await browser.start({
    encounter: 'a-visit',
    fhirContext: [{ reference: 'ImagingStudy/a-study', type: 'ImagingStudy' }],
    intent: 'review',
    need_patient_banner: false,
    smart_style_url: 'https://ehr.example/style/7.json',
    tenant: 'north',
  })
  assert.equal(reply.status, 303)
  assert.equal(reply.headers.location, ordered.launch_url)
  assert.equal(reply.headers['cache-control'], 'no-store')
  const { url, page } = await browser.authorize(ordered.launch)
  const scopes = [...page.body.matchAll(/name="scope" value="([^"]*)"/g)].map(([, value = '']) => value)
  const form = [
    ['_csrf', csrfOf(page.body)],
    ['decision', 'allow'],
    ...scopes.map((scope) => ['scope', scope.replaceAll('&#47;', '/')]),
  ] as [string, string][]
  const back = await world.app.inject({ method: 'POST', url: local(url), cookies: browser.cookies, form })
  const code = new URL(back.headers.location ?? '').searchParams.get('code') ?? ''
  const redeem = (pairs: Record<string, string>) =>
    world.app.inject({ method: 'POST', url: '/oauth/token', form: { client_id: 'app', ...pairs } })
  const first = JSON.parse(
    (
      await redeem({
        grant_type: 'authorization_code',
        code,
        redirect_uri: callback,
        code_verifier: verifier,
      })
    ).body,
  )
  const context = {
    patient: 'a',
    encounter: 'a-visit',
    fhirContext: [{ reference: 'ImagingStudy/a-study', type: 'ImagingStudy' }],
    intent: 'review',
    need_patient_banner: false,
    smart_style_url: 'https://ehr.example/style/7.json',
    tenant: 'north',
  }
  assert.deepEqual({ ...first, ...context }, first)
  const next = JSON.parse(
    (await redeem({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).body,
  )
  assert.deepEqual({ ...next, ...context }, next)
  const [signIn] = (await world.trail()).filter(({ kind }) => kind === 'sign-in')
  assert.deepEqual(signIn, {
    kind: 'sign-in',
    outcome: 'success',
    actor: { user: 'u-clinician', address: '127.0.0.1', fhirUser: 'Practitioner/doctor' },
    method: 'launch',
  })
})

test('the address works once, also in the browser that used it', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const { ordered } = await browser.start()
  for (const again of [browser, new Browser(world)]) {
    const reply = await again.get(ordered.start_url)
    assert.equal(reply.status, 410)
    assert.equal(reply.headers.location, undefined)
  }
  assert.deepEqual(await world.sessions(), ['u-clinician'])
})

test('of ten browsers that come at once, one is signed in', async () => {
  const world = await openLaunchWorld()
  const { body } = await world.order({ client_id: 'app', user: 'clinician', patient: 'a' })
  const replies = await Promise.all(Array.from({ length: 10 }, () => new Browser(world).get(body.start_url)))
  assert.equal(replies.filter(({ status }) => status === 303).length, 1)
  assert.equal(replies.filter(({ cookies }) => cookieName in cookies).length, 1)
  assert.deepEqual(await world.sessions(), ['u-clinician'])
})

test('the address dies after sixty seconds, and signs nobody in', async () => {
  const world = await openLaunchWorld()
  const { body } = await world.order({ client_id: 'app', user: 'clinician' })
  world.pass(60 * SECOND)
  assert.equal((await new Browser(world).get(body.start_url)).status, 410)
  assert.deepEqual(await world.sessions(), [])
})

for (const [what, token] of [
  ['nothing', ''],
  ['a guess', 'A'.repeat(43)],
  ['an injection', "' OR start_hash IS NULL --"],
  ['endless text', 'x'.repeat(5000)],
] as const) {
  test(`a start token that is ${what} signs nobody in`, async () => {
    const world = await openLaunchWorld()
    await world.order({ client_id: 'app', user: 'clinician' })
    const reply = await new Browser(world).get(`/ehr/launches/start?token=${encodeURIComponent(token)}`)
    assert.equal(reply.status, 410)
    assert.deepEqual(await world.sessions(), [])
  })
}

test('the handle of a launch is no start token, and its app cannot sign in with it', async () => {
  const world = await openLaunchWorld()
  const { body } = await world.order({ client_id: 'app', user: 'clinician' })
  assert.equal((await new Browser(world).get(`/ehr/launches/start?token=${body.launch}`)).status, 410)
  assert.deepEqual(await world.sessions(), [])
})

test('LNCH-06: before its browser has come, a launch works in no session, not even one of its user', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  await browser.start()
  const { body } = await world.order({ client_id: 'app', user: 'clinician', patient: 'a' })
  assert.equal((await browser.authorize(body.launch)).error, 'invalid_request')
  assert.equal((await new Browser(world).authorize(body.launch)).error, 'invalid_request')
})

test('LNCH-06: afterwards it works in that session only: not in another of the same user, not for another app', async () => {
  const world = await openLaunchWorld()
  const [other, browser] = [new Browser(world), new Browser(world)]
  await other.start()
  const { ordered } = await browser.start()
  assert.equal((await other.authorize(ordered.launch)).error, 'invalid_request')
  assert.equal((await browser.authorize(ordered.launch, 'other-app')).error, 'invalid_request')
  const { page } = await browser.authorize(ordered.launch)
  assert.match(page.body, /name="decision"/)
})

test('AMB-06: the launch itself dies after five minutes, however early its browser came', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const { ordered } = await browser.start()
  world.pass(5 * MINUTE)
  assert.equal((await browser.authorize(ordered.launch)).error, 'invalid_request')
})

test('session fixation: a session that was planted in the browser is not the one that is signed in', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const planted = 'p'.repeat(43)
  browser.cookies[cookieName] = planted
  const { reply } = await browser.start()
  assert.equal(reply.status, 303)
  assert.notEqual(reply.cookies[cookieName], planted)
  assert.match(String(reply.cookies[cookieName]), /^[A-Za-z0-9_-]{43}$/)
})

test('session fixation: who is signed in as the same user goes on in the same session', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  await browser.start()
  const session = browser.cookies[cookieName]
  const { reply } = await browser.start()
  assert.equal(reply.status, 303)
  assert.equal(reply.cookies[cookieName], undefined)
  assert.equal(browser.cookies[cookieName], session)
  assert.deepEqual(await world.sessions(), ['u-clinician'])
})

test('login CSRF: in the browser of somebody else the address asks first, and changes nothing', async () => {
  const world = await openLaunchWorld()
  const victim = new Browser(world)
  await victim.start({ user: 'patient' })
  const { ordered, reply } = await victim.start()
  assert.equal(reply.status, 200)
  assert.equal(reply.cookies[cookieName], undefined)
  assert.match(reply.body, /The clinician/)
  assert.match(reply.body, /The patient/)
  assert.deepEqual(await world.sessions(), ['u-patient'])
  // A form of another site presses nothing.
  const token = new URL(ordered.start_url).searchParams.get('token') ?? ''
  const fromElsewhere: Record<string, string>[] = [{}, { 'sec-fetch-site': 'cross-site' }]
  for (const headers of fromElsewhere) {
    const forged = await victim.post('/ehr/launches/start', { token }, headers)
    assert.equal(forged.status, 403)
  }
  const forged = await victim.post(
    '/ehr/launches/start',
    { token, _csrf: csrfOf(reply.body) },
    { 'sec-fetch-site': 'cross-site' },
  )
  assert.equal(forged.status, 403)
  assert.deepEqual(await world.sessions(), ['u-patient'])
})

test('who is asked and presses the button goes on as the user of the launch, and the earlier session is over', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  await browser.start({ user: 'patient' })
  const { ordered, reply } = await browser.start()
  const token = new URL(ordered.start_url).searchParams.get('token') ?? ''
  const went = await browser.post('/ehr/launches/start', { token, _csrf: csrfOf(reply.body) })
  assert.equal(went.status, 303)
  assert.equal(went.headers.location, ordered.launch_url)
  assert.deepEqual(await world.sessions(), ['u-clinician'])
  const again = await browser.post('/ehr/launches/start', { token, _csrf: csrfOf(reply.body) })
  assert.equal(again.status, 410)
})

for (const [what, headers, method] of [
  ['a browser that looks ahead', { 'sec-purpose': 'prefetch;prerender' }, 'GET'],
  ['an old browser that looks ahead', { purpose: 'prefetch' }, 'GET'],
  ['a picture', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }, 'GET'],
  ['a script', { 'sec-fetch-mode': 'cors' }, 'GET'],
  ['a link checker', {}, 'HEAD'],
] as const) {
  test(`${what} uses nothing up and signs nobody in`, async () => {
    const world = await openLaunchWorld()
    const { body } = await world.order({ client_id: 'app', user: 'clinician' })
    const reply = await world.app.inject({ method, url: local(body.start_url), headers })
    assert.equal(reply.status, 403)
    assert.deepEqual(await world.sessions(), [])
    assert.equal((await new Browser(world).get(body.start_url)).status, 303)
  })
}

test('an app or a user who was disabled meanwhile is not started', async () => {
  const world = await openLaunchWorld()
  const { body } = await world.order({ client_id: 'app', user: 'clinician' })
  const found = await world.stores.clients.find('app')
  assert.ok(found)
  await world.stores.clients.change(found.id, () => ({ ...found, disabled: true }))
  assert.equal((await new Browser(world).get(body.start_url)).status, 410)
  await world.stores.clients.change('app', () => found)
  await world.sql.write((tx) => tx.run("UPDATE accounts SET disabled = 1 WHERE id = 'u-clinician'"))
  assert.equal((await new Browser(world).get(body.start_url)).status, 410)
  assert.deepEqual(await world.sessions(), [])
})

test('header injection: a launch address with line breaks in it makes no header of its own', async () => {
  const world = await openLaunchWorld()
  const { reply, ordered } = await new Browser(world).start({ client_id: 'odd-app' })
  assert.equal(reply.status, 303)
  assert.ok(!/[\r\n]/.test(ordered.launch_url))
  assert.notEqual(reply.cookies[cookieName], 'planted')
  assert.ok(reply.setCookies.every((cookie) => !JSON.stringify(cookie).includes('planted')))
})

test('open redirect: the address leads to the app’s registered launch address, whatever is added to it', async () => {
  const world = await openLaunchWorld()
  const { body } = await world.order({ client_id: 'app', user: 'clinician' })
  const more = new URLSearchParams({
    launch_url: 'https://evil.example',
    iss: 'https://evil.example',
    return_to: '//evil.example',
  })
  const reply = await new Browser(world).get(`${body.start_url}&${more}`)
  assert.equal(reply.headers.location, body.launch_url)
})

test('a session that a launch began may do what its user may, and nothing of an administrator', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  await browser.start()
  assert.equal((await browser.get('/ehr')).status, 200)
  assert.equal((await world.order({ client_id: 'app', user: 'chief' })).status, 400)
})

test('a user who is made an administrator before the browser comes is not signed in', async () => {
  const world = await openLaunchWorld()
  const { body } = await world.order({ client_id: 'app', user: 'clinician' })
  const roles = JSON.stringify(['clinician', 'admin'])
  await world.sql.write((tx) => tx.run('UPDATE accounts SET roles = ? WHERE id = ?', roles, 'u-clinician'))
  assert.equal((await new Browser(world).get(body.start_url)).status, 410)
  assert.deepEqual(await world.sessions(), [])
})

test('a session by another system’s word administers nothing, also when its user becomes an administrator', async () => {
  const world = await openLaunchWorld()
  const { body } = await world.order({ client_id: 'app', user: 'clinician' })
  const browser = new Browser(world)
  assert.equal((await browser.get(body.start_url)).status, 303)
  const roles = JSON.stringify(['clinician', 'admin'])
  await world.sql.write((tx) => tx.run('UPDATE accounts SET roles = ? WHERE id = ?', roles, 'u-clinician'))
  assert.equal((await browser.get('/admin/accounts')).status, 403)
})
