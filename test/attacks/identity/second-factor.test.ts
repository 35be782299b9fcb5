/** Attacks on the second factor: on the way past it, on its codes, and on turning it off. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseForms } from '../../fixtures/forms.ts'
import { createWorld } from '../../fixtures/identity-world.ts'
import { codeAt, enrol, pass, password, person, recoveryCodesOf, secretIn, signedIn } from './people.ts'

async function protectedWorld() {
  const world = await createWorld([await person('amara'), await person('mallory')])
  const browser = await signedIn(world, 'amara')
  const enrolled = await enrol(world, browser)
  pass(world)
  return { ...world, own: browser, ...enrolled }
}

test('SEC-14: a password alone opens nothing where one-time codes are on', async () => {
  const world = await protectedWorld()
  const thief = world.browser('192.0.2.66')
  const reply = await thief.post('/account/sign-in', { username: 'amara', password, return_to: '/ehr' })
  assert.equal(reply.headers.location, '/account/second-step?ui_locales=en&return_to=%2Fehr')
  assert.equal(thief.cookies.chartkey_session, undefined)
  for (const page of ['/account', '/account/security', '/account/security/codes'])
    assert.match((await thief.get(page)).headers.location ?? '', /^\/account\/sign-in/, page)
  assert.equal(await world.whoIs(thief.cookies), 'nobody')
  // Setting up another second factor is for who has none.
  const elsewhere = (await thief.get('/account/second-step/set-up')).headers.location ?? ''
  assert.match(elsewhere, /^\/account\/second-step\?/)
  const turnedOn = await thief.post('/account/second-step/set-up', { offer: 'x', code: '000000' })
  assert.match(turnedOn.headers.location ?? '', /^\/account\/second-step\?/)
})

test('the right code signs in, with both methods on the session, and goes on to where it was going', async () => {
  const world = await protectedWorld()
  const browser = world.browser()
  await browser.post('/account/sign-in', { username: 'amara', password, return_to: '/ehr' })
  const page = await browser.get('/account/second-step')
  assert.match(page.body, /name="code"[^>]*autocomplete="one-time-code"/)
  const code = codeAt(world.secret, world.clock.now)
  const reply = await browser.post('/account/second-step', { code }, '/account/second-step')
  assert.equal(reply.headers.location, '/ehr')
  assert.equal(await world.whoIs(browser.cookies), 'user_amara')
  assert.equal(await world.how(browser.cookies), 'pwd otp mfa')
  assert.equal(browser.cookies.chartkey_second_step, undefined)
})

test('a code works once, in its own half minute and the two beside it', async () => {
  const world = await protectedWorld()
  const attempt = async (code: string) => {
    const browser = world.browser(`192.0.2.${10 + Math.floor(Math.random() * 200)}`)
    await browser.post('/account/sign-in', { username: 'amara', password })
    return (await browser.post('/account/second-step', { code }, '/account/second-step')).status
  }
  const code = codeAt(world.secret, world.clock.now)
  assert.equal(await attempt(codeAt(world.secret, world.clock.now - 90_000)), 401)
  assert.equal(await attempt(codeAt(world.secret, world.clock.now + 90_000)), 401)
  assert.equal(await attempt(code), 303)
  assert.equal(await attempt(code), 401)
  pass(world)
  assert.equal(await attempt(code), 401, 'the window does not bring it back')
  assert.equal(await attempt(codeAt(world.secret, world.clock.now)), 303)
})

test('of ten sign-ins with one code at once, one is let in', async () => {
  const world = await protectedWorld()
  const code = codeAt(world.secret, world.clock.now)
  const browsers = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const browser = world.browser(`198.51.100.${index}`)
      await browser.post('/account/sign-in', { username: 'amara', password })
      await browser.get('/account/second-step')
      return browser
    }),
  )
  const replies = await Promise.all(
    browsers.map((browser) => browser.post('/account/second-step', { code }, '/account/second-step')),
  )
  assert.equal(replies.filter(({ status }) => status === 303).length, 1)
})

test('codes cannot be guessed: not from one address, not from many, and the owner’s browser is not held up', async () => {
  const world = await protectedWorld()
  let tried = 0
  for (let address = 0; address < 30; address++) {
    const thief = world.browser(`203.0.113.${address}`)
    await thief.post('/account/sign-in', { username: 'amara', password })
    for (let guess = 0; guess < 10; guess++) {
      const { status, headers } = await thief.post(
        '/account/second-step',
        { code: '000000' },
        '/account/second-step',
      )
      if (status === 401) tried += 1
      else assert.ok(status === 429 && Number(headers['retry-after']) > 0)
    }
  }
  assert.equal(tried, 20)
  const own = world.browser('203.0.113.1')
  Object.assign(own.cookies, { chartkey_device: world.own.cookies.chartkey_device })
  await own.post('/account/sign-in', { username: 'amara', password })
  const code = codeAt(world.secret, world.clock.now)
  assert.equal((await own.post('/account/second-step', { code }, '/account/second-step')).status, 303)
})

test('a waiting sign-in is of one browser and one person, and ends', async () => {
  const world = await protectedWorld()
  const browser = world.browser()
  await browser.post('/account/sign-in', { username: 'amara', password })
  const stranger = world.browser()
  const code = codeAt(world.secret, world.clock.now)
  const reply = await stranger.post('/account/second-step', { code })
  assert.equal(reply.headers.location, '/account/sign-in')
  assert.equal(await world.whoIs(stranger.cookies), 'nobody')
  // The secret of a waiting sign-in is no session.
  const planted = { chartkey_session: browser.cookies.chartkey_second_step ?? '' }
  assert.equal(await world.whoIs(planted), 'nobody')
  pass(world, 10 * 60_000)
  assert.equal((await browser.get('/account/second-step')).headers.location, '/account/sign-in')
})

test('the form of the second step needs its anti-forgery field', async () => {
  const world = await protectedWorld()
  const browser = world.browser()
  await browser.post('/account/sign-in', { username: 'amara', password })
  const form = { code: codeAt(world.secret, world.clock.now) }
  const reply = await world.app.inject({ url: '/account/second-step', form, cookies: browser.cookies })
  assert.equal(reply.status, 403)
  assert.equal(reply.cookies.chartkey_session, undefined)
})

test('a recovery code works once, only for its account, however it is typed; new ones end the old', async () => {
  const world = await protectedWorld()
  const [first = '', second = ''] = world.recovery
  assert.equal(world.recovery.length, 10)
  const attempt = async (recovery_code: string, username = 'amara') => {
    const browser = world.browser(`192.0.2.${10 + Math.floor(Math.random() * 200)}`)
    await browser.post('/account/sign-in', { username, password })
    const reply = await browser.post('/account/second-step', { recovery_code }, '/account/second-step')
    return { browser, status: reply.status }
  }
  const mallory = await signedIn(world, 'mallory')
  await enrol(world, mallory)
  assert.equal((await attempt(first, 'mallory')).status, 401)
  const typed = ` ${first.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o')} `
  const { browser, status } = await attempt(typed)
  assert.equal(status, 303)
  assert.equal((await attempt(first)).status, 401)
  assert.ok(world.events.some(({ change }) => change === 'recovery-code-used'))
  const page = await browser.post('/account/security/codes/recovery', {}, '/account/security')
  const fresh = recoveryCodesOf(page.body)
  assert.equal(fresh.length, 10)
  assert.equal((await attempt(second)).status, 401)
  assert.equal((await attempt(fresh[0] ?? '')).status, 303)
})

test('an offered secret is for one account, and not for long', async () => {
  const world = await createWorld([await person('amara'), await person('mallory')])
  const mallory = await signedIn(world, 'mallory')
  const page = (await mallory.get('/account/security/codes')).body
  const offer = /name="offer" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const secret = (/<code class="secret">([^<]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '')
  const amara = await signedIn(world, 'amara')
  const post = (browser: typeof amara) =>
    browser.post(
      '/account/security/codes',
      { offer, code: codeAt(secret, world.clock.now) },
      '/account/security/codes',
    )
  assert.equal((await post(amara)).status, 400)
  assert.equal(await world.stores.credentials.oneTimeCodes('user_amara'), undefined)
  const late = await createWorld([], { sql: world.sql, clock: { now: world.clock.now + 20 * 60_000 } })
  const again = await signedIn(late, 'mallory')
  const form = { offer, code: codeAt(secret, late.clock.now) }
  const over = await again.post('/account/security/codes', form, '/account/security/codes')
  assert.equal(over.status, 400)
  pass(world, 10 * 60_000)
  assert.equal((await post(mallory)).status, 200)
  assert.ok(!JSON.stringify(await world.stores.credentials.oneTimeCodes('user_mallory')).includes(secret))
})

test('who must have a second factor sets one up before anything opens, and cannot go without it later', async () => {
  const lin = await person('dr.lin', { roles: ['clinician'] })
  const world = await createWorld([lin, await person('amara')], { required: ['clinician'] })
  const browser = world.browser()
  const reply = await browser.post('/account/sign-in', { username: 'dr.lin', password, return_to: '/ehr' })
  assert.equal(reply.headers.location, '/account/second-step/set-up?ui_locales=en&return_to=%2Fehr')
  assert.equal(await world.whoIs(browser.cookies), 'nobody')
  const instead = (await browser.get('/account/second-step')).headers.location ?? ''
  assert.match(instead, /^\/account\/second-step\/set-up\?/)
  const page = (await browser.get('/account/second-step/set-up')).body
  const offer = /name="offer" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const secret = (/<code class="secret">([^<]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '')
  const form = { offer, code: codeAt(secret, world.clock.now) }
  const { cookies } = browser
  const forged = await world.app.inject({ url: '/account/second-step/set-up', form, cookies })
  assert.equal(forged.status, 403)
  assert.equal(await world.stores.credentials.oneTimeCodes(lin.id), undefined)
  const { recovery } = await enrol(world, browser, '/account/second-step/set-up')
  assert.equal(recovery.length, 10)
  assert.equal(await world.how(browser.cookies), 'pwd otp mfa')
  const off = await browser.post('/account/security/codes/off', {}, '/account/security')
  assert.equal(off.headers.location, '/account/security?told=required')
  assert.ok(await world.stores.credentials.oneTimeCodes(lin.id))
  assert.equal(await world.whoIs((await signedIn(world, 'amara')).cookies), 'user_amara')
})

test('a stolen session turns nothing off once it is a quarter of an hour old', async () => {
  const world = await protectedWorld()
  pass(world, 15 * 60_000)
  const before = await world.stores.credentials.oneTimeCodes('user_amara')
  for (const path of [
    '/codes/off',
    '/codes/recovery',
    '/password',
    '/email',
    '/passkeys',
    '/passkeys/remove',
  ]) {
    const reply = await world.own.post(`/account/security${path}`, {}, '/account')
    assert.match(reply.headers.location ?? '', /^\/account\/sign-in\?.*again=1/, path)
  }
  assert.deepEqual(await world.stores.credentials.oneTimeCodes('user_amara'), before)
})

const toApp = '/oauth/flow/abc?ui_locales=en'

/** The fields that the form with this one brings along. */
function fieldsOf(body: string, name: string): Record<string, string> {
  const form = parseForms(body).find(({ names }) => names.has(name))
  const kept = form?.fields.filter(([one]) => one !== '_csrf' && one !== name) ?? []
  return Object.fromEntries(kept.map(([one, value]) => [one, value]))
}

test('who presses twice on the second step comes to where they were going, signed in or not', async () => {
  const world = await protectedWorld()
  const browser = world.browser()
  await browser.post('/account/sign-in', { username: 'amara', password, return_to: toApp })
  const page = (await browser.get('/account/second-step')).body
  const before = { ...browser.cookies }
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const form = { ...fieldsOf(page, 'code'), _csrf, code: codeAt(world.secret, world.clock.now) }
  const send = (cookies: Record<string, string>) =>
    world.app.inject({ url: '/account/second-step', form, cookies })
  const first = await send(before)
  assert.equal(first.headers.location, toApp)
  // The browser sent it again before it had the answer to the first, or dropped that.
  const again = await send(before)
  assert.equal(again.cookies.chartkey_session, undefined)
  const asked = new URL(again.headers.location ?? '', 'http://localhost')
  assert.equal(asked.pathname, '/account/sign-in')
  assert.equal(asked.searchParams.get('return_to'), toApp)
  assert.equal((await send({ ...before, ...first.cookies })).headers.location, toApp)
  const both = await Promise.all([send(before), send(before)])
  for (const { headers } of both) assert.match(headers.location ?? '', /return_to=%2Foauth%2Fflow%2Fabc/)
})

test('of a second step sent twice at once the one that signs nobody in still knows where to go', async () => {
  const world = await protectedWorld()
  const browser = world.browser()
  await browser.post('/account/sign-in', { username: 'amara', password, return_to: toApp })
  const page = (await browser.get('/account/second-step')).body
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const codes = world.recovery.slice(0, 2)
  const replies = await Promise.all(
    codes.map((recovery_code) =>
      world.app.inject({
        url: '/account/second-step',
        form: { ...fieldsOf(page, 'recovery_code'), _csrf, recovery_code },
        cookies: { ...browser.cookies },
      }),
    ),
  )
  assert.equal(replies.filter(({ cookies }) => cookies.chartkey_session !== undefined).length, 1)
  for (const { headers } of replies)
    assert.match(headers.location ?? '', /^\/oauth\/flow\/abc|return_to=%2Foauth/)
})

test('whose second step ran out signs in again for the app that waits', async () => {
  const world = await protectedWorld()
  const browser = world.browser()
  await browser.post('/account/sign-in', { username: 'amara', password, return_to: toApp })
  const page = (await browser.get('/account/second-step')).body
  const startAgain = /<a href="(\/account\/sign-in[^"]*)">/
    .exec(page)?.[1]
    ?.replaceAll('&#38;', '&')
    .replaceAll('&#61;', '=')
  assert.equal(new URL(startAgain ?? '', 'http://localhost').searchParams.get('return_to'), toApp)
  pass(world, 11 * 60_000)
  for (const name of ['code', 'recovery_code']) {
    const fields = { ...fieldsOf(page, name), [name]: codeAt(world.secret, world.clock.now) }
    const { headers } = await browser.post('/account/second-step', fields)
    const asked = new URL(headers.location ?? '', 'http://localhost')
    assert.equal(asked.searchParams.get('return_to'), toApp)
    assert.equal(asked.searchParams.get('ui_locales'), 'en')
  }
})

test('a page of the second step that is loaded anew when its time is over still knows the app that waits', async () => {
  const lin = await person('dr.lin', { roles: ['clinician'] })
  const setUp = await createWorld([lin], { required: ['clinician'] })
  for (const [world, username] of [[await protectedWorld(), 'amara'] as const, [setUp, 'dr.lin'] as const]) {
    const browser = world.browser()
    const asked = await browser.post('/account/sign-in', { username, password, return_to: toApp })
    const address = asked.headers.location ?? ''
    assert.equal((await browser.get(address)).status, 200)
    pass(world, 11 * 60_000)
    const late = new URL((await browser.get(address)).headers.location ?? '', 'http://localhost')
    assert.equal(late.pathname, '/account/sign-in')
    assert.equal(late.searchParams.get('return_to'), toApp)
    assert.equal(late.searchParams.get('ui_locales'), 'en')
  }
})

test('whose set-up of a second factor ran out, or is sent twice, comes back to the app that waits', async () => {
  const lin = await person('dr.lin', { roles: ['clinician'] })
  const world = await createWorld([lin], { required: ['clinician'] })
  const browser = world.browser()
  const path = '/account/second-step/set-up'
  await browser.post('/account/sign-in', { username: 'dr.lin', password, return_to: toApp })
  const page = (await browser.get(path)).body
  const fields = { ...fieldsOf(page, 'code'), code: codeAt(secretIn(page), world.clock.now) }
  const before = { ...browser.cookies }
  pass(world, 11 * 60_000)
  const late = await browser.post(path, fields)
  assert.match(late.headers.location ?? '', /^\/account\/sign-in\?return_to=%2Foauth%2Fflow%2Fabc/)
  pass(world, -11 * 60_000)
  Object.assign(browser.cookies, before)
  assert.equal((await browser.post(path, fields, path)).status, 200)
  assert.equal((await browser.post(path, fields)).headers.location, toApp)
})

for (const hostile of [
  'https://evil.example/',
  '//evil.example',
  '/\\evil.example',
  '/%2fevil.example',
  '/./%2fevil.example',
  '/ehr/../%5Cevil.example',
  '/account/sign-out',
  '/account/second-step',
  'javascript:alert(1)',
  `/${'x'.repeat(40_000)}`,
])
  test(`RFC 9700 §4.11: the second step leads nowhere else: ${hostile.slice(0, 30)}`, async () => {
    const world = await protectedWorld()
    for (const path of ['/account/second-step', '/account/second-step/set-up'])
      for (const browser of [world.browser(), world.own]) {
        const { headers } = await browser.post(path, { code: '000000', return_to: hostile })
        const home =
          browser === world.own ? '/account' : '/account/sign-in?return_to=%2Faccount&ui_locales=en'
        assert.equal(headers.location, home, path)
        const loaded = await browser.get(`${path}?${new URLSearchParams({ return_to: hostile })}`)
        if (hostile.length < 1_000) assert.equal(loaded.headers.location, home, path)
      }
  })
