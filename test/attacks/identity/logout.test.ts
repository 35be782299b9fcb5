/** Signing out on either side: what a provider may end here, and what nobody else may. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { JWTPayload } from 'jose'
import { invite } from '../../../src/identity/providers/invite.ts'
import { type FalseProvider, startFalseProvider } from './false-provider.ts'
import { codeAt, secretIn } from './people.ts'
import { openReal } from './real.ts'
import { createWorld, settingsOf, signInAt, signInHere, type World } from './world.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const path = '/account/providers/one/backchannel-logout'
const sid = 'sid-1'

let provider: FalseProvider
let other: FalseProvider
let world: World
let jtis = 0

before(async () => {
  provider = await startFalseProvider({ sub: 'wei', npi: '1000000001', name: 'Dr Wei Lin', sid })
  other = await startFalseProvider({ sub: 'wei' })
  world = await createWorld([settingsOf('one', provider.issuer), settingsOf('two', other.issuer)], {
    requestLimit: 2000,
  })
})
after(async () => {
  await world.close()
  await provider.close()
  await other.close()
})

async function signedIn() {
  const browser = await comeBack()
  assert.equal(await isIn(browser), true)
  return browser
}

async function comeBack() {
  const browser = world.browser()
  const there = await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)
  await browser.open(provider.answerTo(there.url))
  return browser
}

async function isIn(browser: { open(url: string): Promise<{ body: string }> }): Promise<boolean> {
  return (await browser.open('/account')).body.includes('Dr Wei Lin')
}

const now = () => Math.floor(Date.now() / 1000)

function order(change: JWTPayload = {}): JWTPayload {
  const at = now()
  return {
    iss: provider.issuer,
    aud: 'chartkey',
    iat: at,
    exp: at + 120,
    jti: `jti-${++jtis}`,
    sid,
    sub: 'wei',
    events: { [EVENT]: {} },
    ...change,
  }
}

const send = (logout_token: string, to = path) => world.app.inject({ url: to, form: { logout_token } })
const typed = { typ: 'logout+jwt' }

const names = [
  ['its session', { sub: undefined }],
  ['its subject', { sid: undefined }],
  ['both', {}],
] as const

for (const [by, change] of names)
  test(`a logout token by ${by} ends the session at once, and nobody else’s`, async () => {
    const browser = await signedIn()
    const bystander = world.browser()
    await signInHere(bystander)
    await world.trail()
    const reply = await send(await provider.sign(order(change), typed))
    assert.deepEqual([reply.status, reply.headers['cache-control'], reply.body], [200, 'no-store', ''])
    assert.equal(await isIn(browser), false)
    assert.match((await bystander.open('/account')).body, /Local Clinician/)
    assert.deepEqual(
      (await world.trail()).map(({ kind }) => kind),
      ['sign-out'],
    )
  })

for (const [by, change] of names)
  test(`a logout token by ${by} that overtakes the sign-in lets no session begin, and the next one as ever`, async () => {
    const token = await provider.sign(order(change), typed)
    await world.trail()
    const overtake = async () => {
      // What is ordered in the millisecond in which we asked was ordered before.
      await pause(2)
      assert.equal((await send(token)).status, 200)
    }
    provider.faults = { meanwhile: overtake }
    const browser = await comeBack().finally(() => (provider.faults = {}))
    assert.equal(await isIn(browser), false)
    const told = (await world.trail()).filter(({ kind }) => kind === 'sign-in')
    assert.deepEqual(
      told.map(({ outcome }) => outcome),
      ['success', 'refused'],
    )
    await signedIn()
  })

for (const [by, change] of names)
  test(`a logout token by ${by} that comes before the browser is back lets no session begin, and the next one as ever`, async () => {
    const browser = world.browser()
    const there = await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)
    const answer = provider.answerTo(there.url)
    const auth_time = now()
    await pause(2)
    assert.equal((await send(await provider.sign(order(change), typed))).status, 200)
    provider.faults = { claims: (claims) => ({ ...claims, auth_time }) }
    await browser.open(answer).finally(() => (provider.faults = {}))
    assert.equal(await isIn(browser), false)
    assert.equal(browser.cookie('chartkey_session'), undefined)
    await signedIn()
  })

test('who signs out there on the way and signs in anew is signed in here', async () => {
  const browser = world.browser()
  const there = await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)
  await pause(2)
  const before = [order({ sid: undefined }), order({ sid: 'an earlier one' })]
  for (const token of before) assert.equal((await send(await provider.sign(token, typed))).status, 200)
  world.pass(2000)
  const auth_time = Math.floor(world.now() / 1000)
  provider.faults = { claims: (claims) => ({ ...claims, auth_time }) }
  await browser.open(provider.answerTo(there.url)).finally(() => (provider.faults = {}))
  world.pass(-2000)
  assert.equal(await isIn(browser), true)
})

test('a logout token for somebody else lets a sign-in go on', async () => {
  const token = await provider.sign(order({ sid: undefined, sub: 'somebody else' }), typed)
  provider.faults = { meanwhile: () => send(token) }
  const browser = await comeBack().finally(() => (provider.faults = {}))
  assert.equal(await isIn(browser), true)
})

test('a logout token that comes while a second factor is set up lets no session begin', async () => {
  const own = await createWorld([settingsOf('one', provider.issuer)])
  const browser = own.browser()
  const start = '/account/providers/one/sign-in?second_factor=required'
  const there = await browser.open(start, undefined, provider.issuer)
  const setUp = await browser.open(provider.answerTo(there.url))
  const secret = secretIn(setUp.body)
  own.pass(10 * 60_000 - 1000)
  const token = await provider.sign(order({ sid: undefined }), typed)
  assert.equal((await own.app.inject({ url: path, form: { logout_token: token } })).status, 200)
  const done = await browser.submit(setUp, { code: codeAt(secret, own.now()) })
  assert.equal(done.status, 200)
  assert.equal(await isIn(browser), false)
  await own.close()
})

test('a logout token that comes before the activation code lets no session begin, and the account is there', async () => {
  const more = { roles: ['patient'], claims: {}, firstSignIn: 'invitation' }
  const own = await createWorld([settingsOf('one', provider.issuer, more)])
  const records = { patient: async () => ({ birthDate: '1981-04-02' }) }
  const deps = { invitations: own.stores.invitations, records, now: own.now }
  const { code } = await invite(deps, 'amara', 14, {})
  const browser = own.browser()
  const there = await browser.open('/account/providers/one/sign-in', undefined, provider.issuer)
  const activation = await browser.open(provider.answerTo(there.url))
  own.pass(10 * 60_000)
  const token = await provider.sign(order(), typed)
  assert.equal((await own.app.inject({ url: path, form: { logout_token: token } })).status, 200)
  await browser.submit(activation, { code, birthdate: '1981-04-02' })
  const account = await own.stores.accounts.findByRecord('Patient/amara')
  assert.ok(account)
  assert.deepEqual(await own.stores.sessions.listOf(account.id), [])
  assert.equal(browser.cookie('chartkey_session'), undefined)
  await own.close()
})

for (const exp of [Date.now() / 1000 + 7200.123_456_7, 1e300])
  test(`a logout token is taken whatever its end is written like: ${exp}`, async () => {
    const browser = await signedIn()
    assert.equal((await send(await provider.sign(order({ exp }), typed))).status, 200)
    assert.equal(await isIn(browser), false)
  })

test('a logout token by both ends what began with an ID token that named no session; one by its session alone does not', async () => {
  provider.faults = { claims: ({ sid: _, ...claims }) => claims }
  const browser = await signedIn().finally(() => (provider.faults = {}))
  await send(await provider.sign(order({ sub: undefined }), typed))
  assert.equal(await isIn(browser), true)
  await send(await provider.sign(order({ sub: 'somebody else' }), typed))
  assert.equal(await isIn(browser), true)
  assert.equal((await send(await provider.sign(order(), typed))).status, 200)
  assert.equal(await isIn(browser), false)
})

test('a logout token for a session that there is not is taken and ends nothing', async () => {
  const browser = await signedIn()
  assert.equal(
    (await send(await provider.sign(order({ sid: 'another', sub: undefined }), typed))).status,
    200,
  )
  assert.equal((await send(await provider.sign(order({ sid, sub: 'somebody else' }), typed))).status, 200)
  assert.equal(await isIn(browser), true)
})

test('a logout token works once, also when it comes several times at the same time', async () => {
  const token = await provider.sign(order(), typed)
  const replies = await Promise.all([send(token), send(token), send(token)])
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 400, 400])
  const browser = await signedIn()
  assert.equal((await send(token)).status, 400)
  assert.equal(await isIn(browser), true)
})

const bad: readonly (readonly [what: string, make: () => Promise<string>])[] = [
  ['of another issuer', () => provider.sign(order({ iss: other.issuer }), typed)],
  ['that another provider has signed', () => other.sign(order(), { ...typed, kid: 'k2' })],
  ['for another client', () => provider.sign(order({ aud: 'another' }), typed)],
  ['that is over', () => provider.sign(order({ iat: now() - 200, exp: now() - 100 }), typed)],
  ['that is old', () => provider.sign(order({ iat: now() - 1000, exp: now() + 1000 }), typed)],
  ['without an end', () => provider.sign(order({ exp: undefined }), typed)],
  ['without a name of its own', () => provider.sign(order({ jti: undefined }), typed)],
  ['with a name that is a number', () => provider.sign(order({ jti: 1 as unknown as string }), typed)],
  ['without events', () => provider.sign(order({ events: undefined }), typed)],
  ['with another event', () => provider.sign(order({ events: { 'urn:other': {} } }), typed)],
  ['with an event that is no object', () => provider.sign(order({ events: { [EVENT]: true } }), typed)],
  ['that is an ID token', () => provider.sign(order({ nonce: 'n' }), typed)],
  ['of another type', () => provider.sign(order(), { typ: 'at+jwt' })],
  ['that names nobody', () => provider.sign(order({ sub: undefined, sid: undefined }), typed)],
  ['with a subject that is a list', () => provider.sign(order({ sub: ['wei'] as unknown as string }), typed)],
  ['signed by a strange key', () => provider.sign(order(), typed, true)],
  ['with a key that there is not', () => provider.sign(order(), { ...typed, kid: 'k9' })],
  ['that is unsigned', async () => `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify(order()))}.`],
  ['that is larger than anybody needs', () => provider.sign(order({ padding: 'x'.repeat(20_000) }), typed)],
  ['that is no token', async () => 'nonsense'],
  ['that is not there', async () => ''],
]

for (const [what, make] of bad)
  test(`a logout token ${what} is refused and ends nothing`, async () => {
    const browser = await signedIn()
    const reply = await send(await make())
    assert.equal(reply.status, 400)
    assert.equal(JSON.parse(reply.body).error, 'invalid_request')
    assert.equal(await isIn(browser), true)
  })

test('a logout token at the address of another provider is refused', async () => {
  const browser = await signedIn()
  assert.equal(
    (await send(await provider.sign(order(), typed), '/account/providers/two/backchannel-logout')).status,
    400,
  )
  assert.equal(await isIn(browser), true)
})

test('a real provider ends the session here when somebody signs out there', async () => {
  const [real, close] = await openReal()
  try {
    const browser = real.browser()
    await signInAt(browser, 'hospital', 'wei')
    const elsewhere = real.browser()
    await signInAt(elsewhere, 'hospital', 'ada')
    const there = await browser.open(`${real.hospital.issuer}/session/end`)
    await browser.press(there, `${real.hospital.issuer}/session/end/confirm`, { logout: 'yes' })
    assert.doesNotMatch((await browser.open('/account')).body, /Dr Wei Lin/)
  } finally {
    await close()
  }
})

test('after signing out here the person may sign out there, and comes back', async () => {
  const [real, close] = await openReal()
  try {
    const browser = real.browser()
    const account = await signInAt(browser, 'hospital', 'wei')
    const farewell = await browser.press(account, '/account/sign-out')
    assert.equal(new URL(farewell.url).search, '?provider=hospital')
    assert.match(farewell.body, /href="\/account\/providers\/hospital\/sign-out"/)
    const there = await browser.open('/account/providers/hospital/sign-out')
    assert.equal(new URL(there.url).origin, real.hospital.issuer)
    // No token of ours went along: the provider asks.
    assert.doesNotMatch(browser.trail.join(), /id_token_hint/)
    const back = await browser.press(there, `${real.hospital.issuer}/session/end/confirm`, { logout: 'yes' })
    assert.equal(back.url, 'http://localhost:8080/account/sign-out')
    // And there nobody is signed in any more.
    const again = await browser.open('/account/providers/hospital/sign-in')
    assert.match(again.body, /name="login"/)
  } finally {
    await close()
  }
})

test('the farewell offers only providers that there are', async () => {
  for (const provider of ['nobody', '"><script>', '../../x']) {
    const { body } = await world.app.inject({ url: `/account/sign-out?${new URLSearchParams({ provider })}` })
    assert.doesNotMatch(body, /account\/providers|<script>/)
  }
})
