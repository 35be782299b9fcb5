/** Logout that apps ask for, and word of it to apps. OpenID Connect RP-Initiated Logout 1.0, Back-Channel Logout 1.0. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { administered } from '../../../src/audit/event.ts'
import type { Client } from '../../../src/authorization/client.ts'
import type { OutboundResult } from '../../../src/http/outbound.ts'
import { revoke } from './tokens.ts'
import { Browser, claimsOf, obtain, query, redeem } from './visit.ts'
import { baseUrl, createWorld, HOUR, otherApp, publicApp, SECOND, users, type World } from './world.ts'

const after = 'https://app.example/signed-out'
const told = 'https://app.example/backchannel'
const app: Client = { ...publicApp, postLogoutRedirectUris: [after], backchannelLogoutUri: told }
const other: Client = {
  ...otherApp,
  postLogoutRedirectUris: ['https://other.example/out'],
  backchannelLogoutUri: 'https://other.example/backchannel',
}

type Changes = Record<string, string | undefined>

function logoutUrl(changes: Changes): string {
  const pairs = Object.entries(changes).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return `/oauth/logout?${query(pairs)}`
}

async function signedIn(answer: (url: string, body: string) => OutboundResult = () => ok) {
  const sent: { url: string; body: string }[] = []
  const world = await createWorld({
    clients: [app, other],
    outbound: {
      post: async (url, { body }) => {
        sent.push({ url, body })
        return answer(url, body)
      },
    },
  })
  const { id_token: hint } = await obtain(world, users.patient, { scope: 'openid' })
  return { world, hint, sent, browser: new Browser(world, users.patient) }
}

async function obtainOther(world: World): Promise<string> {
  const page = await new Browser(world, users.patient).open({ client_id: other.id, scope: 'openid' })
  return (await redeem(world, (await page.allow()).code, { client_id: other.id })).body.id_token
}

const removed = administered({}, 'app-removed', { kind: 'app', id: app.id })

const ok = { status: 200, headers: {}, body: '' }

async function isSignedIn(world: World): Promise<boolean> {
  const page = await new Browser(world, users.patient).open({ prompt: 'none', scope: 'openid' })
  return page.answer.get('error') === 'consent_required'
}

test('RP-Initiated Logout §2: with the ID token of the session the person is signed out and sent back', async () => {
  const { world, hint, browser } = await signedIn()
  const changes = { id_token_hint: hint, post_logout_redirect_uri: after, state: 'a b&c' }
  const reply = await browser.get(logoutUrl(changes))
  assert.equal(reply.headers.location, `${after}?state=a%20b%26c`)
  assert.equal(await isSignedIn(world), false)
})

test('RP-Initiated Logout §2: by POST too, where another site’s form brings no cookies', async () => {
  const { world, hint, browser } = await signedIn()
  const form = Object.entries({ id_token_hint: hint, post_logout_redirect_uri: after })
  const hop = await new Browser(world).post('/oauth/logout', form, { 'sec-fetch-site': 'cross-site' })
  assert.match(hop.headers.location ?? '', /^\/oauth\/logout\?id_token_hint=/)
  assert.equal(await isSignedIn(world), true)
  assert.equal((await browser.get(hop.headers.location ?? '')).headers.location, after)
})

const unsure: readonly (readonly [string, (hint: string) => Changes])[] = [
  ['no ID token', () => ({ client_id: app.id, post_logout_redirect_uri: after })],
  ['nothing at all', () => ({})],
  ['a forged ID token', (hint) => ({ id_token_hint: `${hint.slice(0, -4)}AAAA`, client_id: app.id })],
  [
    'an ID token without signature',
    (hint) => ({ id_token_hint: `${hint.split('.').slice(0, 2).join('.')}.` }),
  ],
  [
    'a forged ID token that names an address',
    (hint) => ({ id_token_hint: `${hint.slice(0, -4)}AAAA`, post_logout_redirect_uri: after }),
  ],
  ['an endless ID token', () => ({ id_token_hint: 'a'.repeat(30_000) })],
]

for (const [what, changes] of unsure)
  test(`RP-Initiated Logout §6: with ${what} the person is asked, and nothing ends by a link alone`, async () => {
    const { world, hint, browser } = await signedIn()
    const page = await browser.visit(logoutUrl(changes(hint)))
    assert.equal(page.reply.status, 200)
    assert.match(page.reply.body, /name="decision" value="sign-out"/)
    assert.equal(await isSignedIn(world), true)
    // The answer counts with the anti-forgery field only.
    const forged = await browser.post('/oauth/logout', [['decision', 'sign-out']])
    assert.equal(forged.status, 403)
    assert.equal(await isSignedIn(world), true)
    const fields = [
      ['decision', 'sign-out'],
      ['_csrf', page.csrf],
    ] as const
    assert.notEqual((await browser.post('/oauth/logout', fields)).status, 403)
    assert.equal(await isSignedIn(world), false)
  })

test("RP-Initiated Logout §6: an ID token of another session or person does not end this one's", async () => {
  const { world, browser } = await signedIn()
  const elsewhere = await obtain(world, world.signIn(users.patient), { scope: 'openid' })
  const stranger = await obtain(world, users.parent, { scope: 'openid' })
  for (const { id_token } of [elsewhere, stranger]) {
    const page = await browser.visit(logoutUrl({ id_token_hint: id_token }))
    assert.match(page.reply.body, /name="decision"/)
    assert.equal(await isSignedIn(world), true)
  }
})

const foreign = [
  'https://evil.example/',
  `${after}/`,
  `${after}?x`,
  `${after}#x`,
  'https://app.example@evil.example/signed-out',
  'https://app.example/x/../signed-out',
  'HTTPS://app.example/signed-out',
  '//app.example/signed-out',
  'javascript:alert(1)',
  `${after}\r\nSet-Cookie: a=b`,
  'https://other.example/out',
]

for (const post_logout_redirect_uri of foreign)
  test(`RP-Initiated Logout §3: no open redirect to ${JSON.stringify(post_logout_redirect_uri)}`, async () => {
    const { world, hint, browser } = await signedIn()
    for (const by of [{ id_token_hint: hint }, { client_id: app.id }]) {
      const reply = await browser.get(logoutUrl({ ...by, post_logout_redirect_uri }))
      assert.equal(reply.status, 400)
      assert.equal(reply.headers.location, undefined)
    }
    assert.equal(await isSignedIn(world), true)
  })

test('RP-Initiated Logout §2: an address without an app to say whose it is, or with another app’s token, is refused', async () => {
  const { hint, browser } = await signedIn()
  for (const changes of [
    { post_logout_redirect_uri: after },
    { id_token_hint: hint, client_id: other.id },
    { client_id: 'nobody' },
  ])
    assert.equal((await browser.get(logoutUrl(changes))).status, 400)
  const twice = await browser.get(`${logoutUrl({ client_id: app.id })}&client_id=${other.id}`)
  assert.equal(twice.status, 400)
})

for (const [what, end] of [
  ['removed', (world) => world.registrations.change(app.id, 1, () => ({ remove: true, told: removed }))],
  ['disabled', (world) => world.clients.change(app.id, () => ({ ...app, disabled: true }))],
] as readonly (readonly [string, (world: World) => Promise<unknown>])[])
  for (const client_id of [undefined, app.id])
    test(`RP-Initiated Logout §2: a person signs out by the ID token of an app that was ${what}, and goes nowhere with it${client_id ? ', named or not' : ''}`, async () => {
      const { world, hint, browser } = await signedIn()
      const elsewhere = await obtain(world, world.signIn(users.patient), { scope: 'openid' })
      await end(world)
      const asked = { client_id, post_logout_redirect_uri: after, state: 'x' }
      const page = await browser.visit(logoutUrl({ ...asked, id_token_hint: elsewhere.id_token }))
      assert.deepEqual([page.reply.status, page.values('decision')], [200, ['sign-out']])
      assert.equal((await browser.get('/account/apps')).status, 200)
      const reply = await browser.get(logoutUrl({ ...asked, id_token_hint: hint }))
      assert.deepEqual([reply.status, reply.headers.location], [200, undefined])
      assert.doesNotMatch(reply.body, /app\.example/)
      assert.notEqual((await browser.get('/account/apps')).status, 200)
    })

test('RP-Initiated Logout §4: who is signed out already is sent on with a token, and stays here without one', async () => {
  const { world, hint } = await signedIn()
  const nobody = new Browser(world)
  const back = await nobody.get(logoutUrl({ id_token_hint: hint, post_logout_redirect_uri: after }))
  assert.equal(back.headers.location, after)
  const page = await nobody.get(logoutUrl({ client_id: app.id, post_logout_redirect_uri: after }))
  assert.equal(page.status, 200)
})

test('the confirmation names the app harmlessly and may be posted to it alone', async () => {
  const world = await createWorld({ clients: [{ ...app, name: '<script>alert(1)</script>' }] })
  const page = await new Browser(world, users.patient).visit(
    logoutUrl({ client_id: app.id, post_logout_redirect_uri: after, state: '"><script>' }),
  )
  assert.doesNotMatch(page.reply.body, /<script>/)
  assert.match(
    page.reply.headers['content-security-policy'] ?? '',
    /form-action 'self' https:\/\/app\.example;/,
  )
})

test('Back-Channel Logout §2.4: each app of the session is told, with a token that is good for nothing else', async () => {
  const { world, hint, sent } = await signedIn()
  await obtainOther(world)
  await obtain(world, world.signIn(users.patient), { scope: 'openid' })
  await world.endSession(users.patient)
  await world.authorization.deliverLogouts()
  assert.deepEqual(
    sent.map(({ url }) => url).toSorted(),
    [told, 'https://other.example/backchannel'].toSorted(),
  )
  const token = new URLSearchParams(sent.find(({ url }) => url === told)?.body).get('logout_token') ?? ''
  const jwks = JSON.parse((await world.app.inject({ url: '/oauth/jwks' })).body)
  const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(jwks), {
    issuer: baseUrl,
    audience: app.id,
    typ: 'logout+jwt',
    currentDate: new Date(world.now()),
  })
  assert.equal(protectedHeader.alg, 'RS256')
  assert.equal(payload.sub, users.patient.id)
  assert.equal(payload.sid, claimsOf(hint).sid)
  assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} })
  assert.equal('nonce' in payload, false)
  assert.ok(
    typeof payload.jti === 'string' && typeof payload.iat === 'number' && typeof payload.exp === 'number',
  )
  await world.authorization.deliverLogouts()
  assert.equal(sent.length, 2)
})

test('Back-Channel Logout §2.1: two apps cannot tell that they serve the same session', async () => {
  const { world, hint } = await signedIn()
  assert.notEqual(claimsOf(await obtainOther(world)).sid, claimsOf(hint).sid)
  assert.equal(JSON.stringify(claimsOf(hint)).includes(users.patient.sessionId), false)
})

test('Back-Channel Logout §2.5: what could not be told is tried again, and not for ever', async () => {
  const { world, sent } = await signedIn(() => ({ refused: 'unreachable', detail: '' }))
  await world.endSession(users.patient)
  for (let hour = 0; hour < 40; hour++) {
    await world.authorization.deliverLogouts()
    world.pass(HOUR)
  }
  assert.equal(sent.length, 7)
  assert.deepEqual(await world.sql.all('SELECT * FROM logout_notices WHERE finished_at IS NULL'), [])
})

test('Back-Channel Logout §2.8: an app that refuses the token is not asked again', async () => {
  const { world, sent } = await signedIn(() => ({
    status: 400,
    headers: {},
    body: '{"error":"invalid_request"}',
  }))
  await world.endSession(users.patient)
  await world.authorization.deliverLogouts()
  world.pass(HOUR)
  await world.authorization.deliverLogouts()
  assert.equal(sent.length, 1)
})

test('Back-Channel Logout §2.5: what was written down is told after a crash in the middle of telling', async () => {
  let isDead = true
  const { world, sent } = await signedIn(() => {
    if (isDead) throw new Error('the node died')
    return ok
  })
  await world.endSession(users.patient)
  await assert.rejects(world.authorization.deliverLogouts())
  isDead = false
  world.pass(61 * SECOND)
  await world.authorization.deliverLogouts()
  assert.equal(sent.length, 2)
  assert.deepEqual(await world.sql.all('SELECT * FROM logout_notices WHERE finished_at IS NULL'), [])
})

test('Back-Channel Logout §2.5: a session that is over is told once, whatever ends later', async () => {
  const { world, sent } = await signedIn()
  await world.endSession(users.patient)
  await world.authorization.deliverLogouts()
  for (let time = 0; time < 3; time++) {
    world.pass(24 * HOUR)
    await world.endSession(users.patient)
    await world.authorization.sweep()
    await world.authorization.deliverLogouts()
  }
  assert.equal(sent.length, 1)
})

test('Back-Channel Logout §2.5: an app that gave its grant back holds an ID token still, and is told', async () => {
  const { world, sent } = await signedIn()
  const { refresh_token } = await obtain(world, users.patient, { scope: 'openid online_access' })
  await revoke(world, refresh_token)
  const live = await world.grants.liveOf(users.patient.id, { madeAfter: 0, refreshedAfter: 0 })
  for (const { id } of live) await world.authorization.revokeGrant(id)
  await world.endSession(users.patient)
  await world.authorization.deliverLogouts()
  assert.deepEqual(
    sent.map(({ url }) => url),
    [told],
  )
})

test('Back-Channel Logout §2.5: an app is told once of one session, whatever it was given in it and whichever node comes to it', async () => {
  const { world, sent } = await signedIn()
  await obtain(world, users.patient, { scope: 'openid' })
  await world.endSession(users.patient)
  const post = async (url: string, { body }: { body: string }) => {
    sent.push({ url, body })
    return ok
  }
  const other = await world.restart({ outbound: { post } })
  await Promise.all([world.authorization.deliverLogouts(), other.authorization.deliverLogouts()])
  await world.authorization.deliverLogouts()
  assert.equal(sent.length, 1)
})

test('Back-Channel Logout §2.5: a node that dies before it has found out whom to tell has lost nothing', async () => {
  const { world, sent } = await signedIn()
  await world.endSession(users.patient)
  const { grants } = world
  const dead = await world.restart({ outbound: { post: async () => ok } })
  const { madeOf } = grants
  Object.assign(grants, { madeOf: () => Promise.reject(new Error('killed')) })
  await assert.rejects(dead.authorization.deliverLogouts())
  Object.assign(grants, { madeOf })
  await world.authorization.deliverLogouts()
  assert.deepEqual(
    sent.map(({ url }) => url),
    [told],
  )
  assert.deepEqual(await world.sql.all('SELECT * FROM ended_sessions'), [])
})

test('Back-Channel Logout §2.5, REFR-02: a code gives nothing once the person has signed out', async () => {
  const { world, browser } = await signedIn()
  for (const scope of ['openid online_access', 'openid offline_access']) {
    const user = world.signIn(users.patient)
    const own = await obtain(world, user, { scope })
    const { code } = await (await new Browser(world, user).open({ scope })).allow()
    await new Browser(world, user).get(logoutUrl({ id_token_hint: own.id_token }))
    const { status, body } = await redeem(world, code)
    assert.deepEqual([status, body.error], [400, 'invalid_grant'])
    assert.match(String(body.error_description), /session/)
    assert.equal('access_token' in body, false)
  }
  // The session that goes on is none of theirs.
  const { code } = await (await browser.open({ scope: 'openid' })).allow()
  assert.equal((await redeem(world, code)).status, 200)
})

test('an app that was disabled is told nothing, nor is one told again that was disabled after the first try', async () => {
  const { world, sent } = await signedIn(() => ({ ...ok, status: 503 }))
  await world.endSession(users.patient)
  await world.authorization.deliverLogouts()
  assert.equal(sent.length, 1)
  await world.clients.change(app.id, () => ({ ...app, disabled: true }))
  world.pass(24 * HOUR)
  await world.authorization.deliverLogouts()
  assert.equal(sent.length, 1)
  const late = await signedIn()
  await late.world.endSession(users.patient)
  await late.world.clients.change(app.id, () => ({ ...app, disabled: true }))
  await late.world.authorization.deliverLogouts()
  assert.deepEqual(late.sent, [])
})

test('DISC: what of logout there is stands in the OpenID discovery document', async () => {
  const { world } = await signedIn()
  const { body } = await world.app.inject({ url: '/.well-known/openid-configuration' })
  const document = JSON.parse(body)
  assert.equal(document.end_session_endpoint, `${baseUrl}/oauth/logout`)
  assert.equal(document.backchannel_logout_supported, true)
  assert.equal(document.backchannel_logout_session_supported, true)
})

test('REG-05: an app registers its logout addresses and the binding of its tokens, by the rules of redirect URIs', async () => {
  const world = await createWorld({ openRegistration: true })
  const good = {
    redirect_uris: ['https://app.example/callback'],
    token_endpoint_auth_method: 'none',
    post_logout_redirect_uris: [after],
    backchannel_logout_uri: told,
    dpop_bound_access_tokens: true,
  }
  const register = async (changes: object) => {
    const body = JSON.stringify({ ...good, ...changes })
    const headers = { 'content-type': 'application/json' }
    const reply = await world.app.inject({ method: 'POST', url: '/oauth/register', body, headers })
    return { status: reply.status, body: JSON.parse(reply.body) }
  }
  const made = await register({})
  assert.deepEqual(made.body.post_logout_redirect_uris, [after])
  const client = await world.clients.find(made.body.client_id)
  assert.deepEqual(
    [client?.postLogoutRedirectUris, client?.backchannelLogoutUri, client?.dpopBoundTokens],
    [[after], told, true],
  )
  assert.equal((await register({ post_logout_redirect_uris: ['https://evil.example/*'] })).status, 400)
  assert.equal((await register({ backchannel_logout_uri: 'http://169.254.169.254/' })).status, 400)
})
