/** When the user of a launch signed in is what the other system says, or nobody knows: the redirect is no sign-in. OIDC Core §2 (auth_time), §3.1.2.1 (max_age). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Browser } from './launch-browser.ts'
import { openLaunchWorld } from './launch-world.ts'
import { claimsOf } from './visit.ts'
import { HOUR, MINUTE, SECOND } from './world.ts'

const order = { client_id: 'app', user: 'clinician', patient: 'a' }
const asSeconds = (time: number) => Math.floor(time / SECOND)

/** Allows what the page asks, and gives the claims of the ID token. */
async function claims(browser: Browser, { url, page }: Awaited<ReturnType<Browser['authorize']>>) {
  const { id_token } = await browser.allow(url, page)
  return claimsOf(String(id_token))
}

const isSentToSignIn = (page: { readonly headers: { readonly location?: string | undefined } }) =>
  /^\/account\/sign-in\?.*again=1/.test(page.headers.location ?? '')

test('OIDC auth_time: a launch that does not say when its user signed in tells the app no time', async () => {
  const browser = new Browser(await openLaunchWorld())
  const { ordered } = await browser.start()
  const told = await claims(browser, await browser.authorize(ordered.launch))
  assert.equal(told.sub, 'u-clinician')
  assert.equal('auth_time' in told, false)
  assert.equal('acr' in told, false)
  assert.equal((await browser.get('/account')).status, 200)
})

for (const maxAge of ['0', '60', String((48 * HOUR) / SECOND), '999999999'])
  test(`OIDC max_age=${maxAge}: then the user signs in here, or the app that may not ask is told`, async () => {
    const browser = new Browser(await openLaunchWorld())
    const { ordered } = await browser.start()
    const { page } = await browser.authorize(ordered.launch, 'app', { max_age: maxAge })
    assert.ok(isSentToSignIn(page))
    const { ordered: next } = await browser.start()
    const silent = await browser.authorize(next.launch, 'app', { max_age: maxAge, prompt: 'none' })
    assert.equal(silent.error, 'login_required')
  })

test('OIDC auth_time, max_age: what the order says is told, and judged', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const auth_time = asSeconds(world.now()) - 100
  const { ordered } = await browser.start({ auth_time })
  const recent = await browser.authorize(ordered.launch, 'app', { max_age: '100' })
  const told = await claims(browser, recent)
  assert.equal(told.auth_time, auth_time)
  assert.equal('acr' in told, false)
  const { ordered: next } = await browser.start({ auth_time })
  assert.ok(isSentToSignIn((await browser.authorize(next.launch, 'app', { max_age: '99' })).page))
  const { ordered: last } = await browser.start({ auth_time })
  assert.ok(isSentToSignIn((await browser.authorize(last.launch, 'app', { prompt: 'login' })).page))
})

test('a sign-in of long ago at the other system does not end the session here', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const auth_time = asSeconds(world.now() - 48 * HOUR)
  const { ordered } = await browser.start({ auth_time })
  const told = await claims(browser, await browser.authorize(ordered.launch))
  assert.equal(told.auth_time, auth_time)
})

test('the word of the other system is no proof of one’s own: nothing is changed at /account/security by it', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  await browser.start({ auth_time: asSeconds(world.now()) })
  const page = await browser.get('/account/security')
  assert.match(page.headers.location ?? '', /^\/account\/sign-in\?.*again=1/)
})

test('a later sign-in there counts in the session that goes on, an earlier one changes nothing', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const at = (minutes: number) => asSeconds(world.now()) + (minutes * MINUTE) / SECOND
  const timeOf = async (auth_time: number | undefined) => {
    const { ordered } = await browser.start({ auth_time })
    return (await claims(browser, await browser.authorize(ordered.launch))).auth_time
  }
  assert.equal(await timeOf(undefined), undefined)
  const [first, later] = [at(-60), at(-10)]
  assert.equal(await timeOf(first), first)
  assert.equal(await timeOf(later), later)
  assert.equal(await timeOf(first), later)
  assert.equal(await timeOf(undefined), later)
  assert.deepEqual(await world.sessions(), ['u-clinician'])
})

test('who signed in here keeps what they proved here, whatever another system says', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  await browser.start()
  await world.sql.write((tx) => tx.run("UPDATE sessions SET methods = 'pwd otp mfa'"))
  const signedInAt = asSeconds(world.now())
  world.pass(10 * MINUTE)
  const { ordered } = await browser.start({ auth_time: asSeconds(world.now()) })
  const told = await claims(browser, await browser.authorize(ordered.launch))
  assert.equal(told.auth_time, signedInAt)
  assert.deepEqual(told.amr, ['pwd', 'otp', 'mfa'])
})

test('a clock that is a little ahead is taken for now', async () => {
  const world = await openLaunchWorld()
  const browser = new Browser(world)
  const now = asSeconds(world.now())
  const { ordered } = await browser.start({ auth_time: now + 59 })
  assert.equal((await claims(browser, await browser.authorize(ordered.launch))).auth_time, now)
})

for (const [what, make] of [
  ['in the future', (now: number) => now + 61],
  ['in milliseconds', (now: number) => now * SECOND],
  ['before all time', () => -1],
  ['zero', () => 0],
  ['a fraction', (now: number) => now - 0.5],
  ['a text', (now: number) => String(now)],
  ['a date', () => '2025-01-15T08:00:00Z'],
  ['a list', (now: number) => [now]],
  ['nothing', () => null],
  ['beyond all numbers', () => 1e300],
] as const) {
  test(`OIDC auth_time: one that is ${what} is refused by name, and nothing is kept`, async () => {
    const world = await openLaunchWorld()
    const { status, body } = await world.order({ ...order, auth_time: make(asSeconds(world.now())) })
    assert.deepEqual([status, body.error, body.member], [400, 'invalid_request', 'auth_time'])
    assert.match(body.error_description ?? '', /^auth_time: .*seconds since 1970/)
    assert.equal(await world.launches(), 0)
  })
}
