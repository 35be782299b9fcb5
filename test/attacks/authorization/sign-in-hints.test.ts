/** What an app asks about the sign-in is kept: its age, its person, its strength. OIDC Core §3.1.2.1, §3.1.2.3, §3.1.2.6. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSigner } from '../../../src/authorization/jwt.ts'
import { loadKeys } from '../../../src/authorization/keys.ts'
import { Browser, claimsOf, obtain, redeem } from './visit.ts'
import {
  baseUrl,
  createWorld,
  HOUR,
  MINUTE,
  otherApp,
  publicApp,
  SECOND,
  users,
  type World,
} from './world.ts'

async function signer(world: World, typ = 'JWT') {
  const { signing } = await loadKeys(world.keys, world.now())
  return createSigner(() => signing.RS256, typ)
}

const good = { iss: baseUrl, sub: users.patient.id, aud: publicApp.id, exp: 1 }

test('OIDC max_age: a sign-in that is too old is asked for again, and one that is recent is not', async () => {
  const world = await createWorld()
  const old = await new Browser(world, users.patient).open({ max_age: '59' })
  assert.match(old.reply.headers.location ?? '', /^\/account\/sign-in\?.*again=1/)
  const recent = await new Browser(world, users.patient).open({ max_age: '60' })
  assert.equal(recent.reply.status, 200)
})

for (const max_age of ['9999999999', '1'.repeat(400)])
  test(`OIDC max_age: a number of ${max_age.length} digits is one that every sign-in is young enough for`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open({ max_age, scope: 'openid' })
    assert.notEqual((await page.allow()).code, '')
  })

for (const max_age of ['-1', '1.5', '1e3', '0x10', ' 60', '六十'])
  test(`OIDC max_age: ${JSON.stringify(max_age)} is no whole number of seconds`, async () => {
    const page = await new Browser(await createWorld(), users.patient).open({ max_age })
    assert.equal(page.answer.get('error'), 'invalid_request')
    assert.match(page.answer.get('error_description') ?? '', /max_age/)
  })

test('OIDC max_age=0: as prompt=login, met by a sign-in after the request', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  const waiting = await browser.open({ max_age: '0', scope: 'openid' })
  world.pass(5 * SECOND)
  browser.cookies.session = world.signIn(users.patient).sessionId
  const returnTo = new URL(waiting.reply.headers.location ?? '', baseUrl).searchParams.get('return_to') ?? ''
  const { body } = await redeem(world, (await (await browser.visit(returnTo)).allow()).code)
  assert.equal(claimsOf(body.id_token).auth_time, world.now() / 1000)
})

test('OIDC prompt=login: a max_age beside it lets no sign-in from before the request pass', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ prompt: 'login', max_age: '3600' })
  assert.match(page.reply.headers.location ?? '', /^\/account\/sign-in\?.*again=1/)
})

test('OIDC prompt=none: too old a sign-in is login_required', async () => {
  const world = await createWorld()
  world.pass(HOUR)
  const page = await new Browser(world, users.patient).open({ prompt: 'none', max_age: '600' })
  assert.equal(page.answer.get('error'), 'login_required')
})

test('OIDC id_token_hint: another person at the browser signs in again, is login_required under prompt=none', async () => {
  const world = await createWorld()
  const { id_token: id_token_hint } = await obtain(world, users.patient, { scope: 'openid' })
  assert.equal((await new Browser(world, users.patient).open({ id_token_hint })).reply.status, 200)
  const other = new Browser(world, users.parent)
  assert.equal((await other.open({ id_token_hint, prompt: 'none' })).answer.get('error'), 'login_required')
  const waiting = await other.open({ id_token_hint })
  assert.match(waiting.reply.headers.location ?? '', /again=1/)
  // Who then signs in as somebody else all the same does not get through.
  other.cookies.session = world.signIn(users.parent).sessionId
  const returnTo = new URL(waiting.reply.headers.location ?? '', baseUrl).searchParams.get('return_to') ?? ''
  assert.equal((await other.visit(returnTo)).answer.get('error'), 'login_required')
})

test('OIDC id_token_hint: an expired one still names the person', async () => {
  const world = await createWorld()
  const { id_token: id_token_hint } = await obtain(world, users.patient, { scope: 'openid' })
  world.pass(30 * MINUTE)
  assert.equal((await new Browser(world, users.patient).open({ id_token_hint })).reply.status, 200)
})

const forged: readonly (readonly [string, (world: World) => Promise<string>])[] = [
  ['that is no token', async () => 'x.y.z'],
  ['that is endless', async () => 'a'.repeat(100_000)],
  ['without signature', async () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(good)}.`],
  [
    'with somebody else’s claims under our signature',
    async (world) => {
      const [header, , signature] = (await (await signer(world))(good)).split('.')
      return `${header}.${encode({ ...good, sub: users.doctor.id })}.${signature}`
    },
  ],
  ['of another issuer', async (world) => (await signer(world))({ ...good, iss: 'https://evil.example' })],
  ['of another app', async (world) => (await signer(world))({ ...good, aud: otherApp.id })],
  ['that is a logout token', async (world) => (await signer(world, 'logout+jwt'))(good)],
  ['that is an access token', async (world) => (await obtain(world, users.patient)).access_token],
  [
    'under a header that names another algorithm',
    async (world) => {
      const [header = '', claims, signature] = (await (await signer(world))(good)).split('.')
      const changed = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), alg: 'HS256' }
      return `${encode(changed)}.${claims}.${signature}`
    },
  ],
]

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

for (const [what, make] of forged) {
  test(`OIDC id_token_hint: one ${what} is refused`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open({ id_token_hint: await make(world) })
    assert.equal(page.answer.get('error') ?? page.reply.status, 'invalid_request')
    assert.equal(page.answer.get('state'), 'state-1')
  })
}

const mfa = 'https://refeds.org/profile/mfa'

test('OIDC acr_values: a stronger sign-in is asked for once, and the ID token says what came of it', async () => {
  const world = await createWorld()
  const browser = new Browser(world, world.signIn(users.patient, ['pwd']))
  const waiting = await browser.open({ acr_values: mfa, scope: 'openid' })
  const location = new URL(waiting.reply.headers.location ?? '', baseUrl)
  assert.equal(location.searchParams.get('level'), 'mfa')
  const returnTo = location.searchParams.get('return_to') ?? ''
  const weak = await redeem(world, (await (await browser.visit(returnTo)).allow()).code)
  assert.equal(claimsOf(weak.body.id_token).acr, 'https://refeds.org/profile/sfa')
  const strong = new Browser(world, world.signIn(users.patient, ['pwd', 'otp', 'mfa']))
  const page = await strong.open({ acr_values: `phr ${mfa}`, scope: 'openid' })
  const { body } = await redeem(world, (await page.allow()).code)
  assert.deepEqual([claimsOf(body.id_token).acr, claimsOf(body.id_token).amr], [mfa, ['pwd', 'otp', 'mfa']])
})

for (const method of ['ehr', 'fed'])
  test(`OIDC acr: who comes on another’s word alone (${method}) is of no level, and is asked once for more where an app would like it`, async () => {
    const world = await createWorld()
    const browser = new Browser(world, world.signIn(users.patient, [method]))
    const scope = 'openid'
    const plain = await redeem(world, (await (await browser.open({ scope })).allow()).code)
    assert.equal('acr' in claimsOf(plain.body.id_token), false)
    // One factor is what there is: it is voluntary, and nobody signs in twice for it.
    const sfa = await browser.open({ scope, acr_values: 'https://refeds.org/profile/sfa' })
    assert.equal('acr' in claimsOf((await redeem(world, (await sfa.allow()).code)).body.id_token), false)
    const waiting = await browser.open({ scope, acr_values: mfa })
    const location = new URL(waiting.reply.headers.location ?? '', baseUrl)
    assert.equal(location.searchParams.get('level'), 'mfa')
    const back = await browser.visit(location.searchParams.get('return_to') ?? '')
    assert.equal('acr' in claimsOf((await redeem(world, (await back.allow()).code)).body.id_token), false)
  })

test('OIDC acr_values: nobody is asked under prompt=none, nor for values that nobody knows', async () => {
  const world = await createWorld()
  const user = world.signIn(users.patient, ['pwd'])
  const silent = await new Browser(world, user).open({ acr_values: mfa, prompt: 'none', scope: 'openid' })
  assert.equal(silent.answer.get('error'), 'consent_required')
  const page = await new Browser(world, user).open({ acr_values: 'urn:nobody:knows', scope: 'openid' })
  assert.equal(page.reply.status, 200)
})

test('OIDC prompt=select_account: another account can be chosen by signing in', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ prompt: 'select_account', login_hint: 'amara' })
  assert.match(page.reply.headers.location ?? '', /login_hint=amara&again=1/)
})

test('OIDC prompt: words that nobody knows, and display, change nothing', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({ prompt: 'create', display: 'wap' })
  assert.equal(page.reply.status, 200)
})

test('OIDC ui_locales: every page on the way speaks the language that the app asked for', async () => {
  const world = await createWorld()
  const browser = new Browser(world)
  const waiting = await browser.open({ ui_locales: 'zh-TW' })
  const signIn = new URL(waiting.reply.headers.location ?? '', baseUrl)
  assert.equal(signIn.searchParams.get('ui_locales'), 'zh-TW')
  browser.cookies.session = users.doctor.sessionId
  const returnTo = signIn.searchParams.get('return_to') ?? ''
  const page = await browser.visit(returnTo)
  assert.match(page.reply.body, /<html lang="zh-TW">/)
  assert.match((await page.send([['patient', 'amara']])).reply.body, /<html lang="zh-TW">/)
  const error = await browser.open({ ui_locales: 'zh-TW', client_id: 'nobody' })
  assert.match(error.reply.body, /<html lang="zh-TW">/)
})

test('RFC 9207: every answer names its issuer, with a code, with an error and in a form', async () => {
  const world = await createWorld()
  const browser = new Browser(world, users.patient)
  const allowed = await (await browser.open({ scope: 'openid' })).allow()
  const refused = await browser.open({ scope: 'nonsense' })
  const declined = await (await browser.open()).send([['decision', 'deny']])
  for (const page of [allowed, refused, declined]) assert.equal(page.answer.get('iss'), baseUrl)
  const posted = await browser.open({ scope: 'nonsense', response_mode: 'form_post' })
  assert.deepEqual(posted.values('iss'), [baseUrl])
  const { body } = await world.app.inject({ url: '/.well-known/oauth-authorization-server' })
  assert.equal(JSON.parse(body).authorization_response_iss_parameter_supported, true)
})

test('Form Post Response Mode §2: the code is posted to the app, which alone the page may post to', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({
    response_mode: 'form_post',
    scope: 'openid',
    state: '"><script>alert(1)</script>',
  })
  const { reply, ...posted } = await page.allow().then((one) => ({
    reply: one.reply,
    code: one.values('code')[0] ?? '',
    state: one.values('state'),
  }))
  assert.equal(reply.status, 200)
  assert.match(reply.body, /<form method="post" action="https:\/\/app\.example\/callback"/)
  assert.match(reply.headers['content-security-policy'] ?? '', /form-action 'self' https:\/\/app\.example;/)
  assert.doesNotMatch(reply.body, /<script>alert/)
  assert.deepEqual(posted.state, ['"><script>alert(1)</script>'])
  assert.equal((await redeem(world, posted.code)).status, 200)
})

for (const state of ['line\r\nbreak', 'null\0'])
  test(`CODE-03: a state that a form would change is refused (${JSON.stringify(state)})`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open({ response_mode: 'form_post', state })
    assert.deepEqual(page.values('error'), ['invalid_request'])
    assert.deepEqual(page.values('state'), [])
  })
