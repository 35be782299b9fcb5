/** Who may learn what a token is worth, and what they learn. INTR-01 to INTR-13, RFC-21, RFC-22. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { asConfidential, asResourceServer, introspect, obtainConfidential, post, revoke } from './tokens.ts'
import { ask, basic, claimsOf, obtain } from './visit.ts'
import {
  baseUrl,
  confidentialApp,
  createWorld,
  DAY,
  fhirBase,
  MINUTE,
  publicApp,
  resourceServer,
  secret,
  start,
  users,
  type World,
} from './world.ts'

const ehrContext = {
  patient: 'lucia',
  encounter: 'e2',
  intent: 'reconcile-medications',
  needPatientBanner: false,
  smartStyleUrl: `${baseUrl}/style.json`,
  tenant: 'north',
  appContext: 'plan 7',
  fhirContext: [{ reference: 'ImagingStudy/1' }],
}

async function launched(world: World) {
  const launch = await world.launch(users.doctor, ehrContext)
  return obtain(world, users.doctor, {
    launch,
    scope:
      'openid fhirUser launch launch/imagingstudy patient/Observation.rs?category=laboratory offline_access',
  })
}

test('INTR-01, INTR-03, INTR-04, INTR-05, INTR-06, INTR-07, INTR-08, INTR-09, INTR-10, SEED-77: a resource server learns all that the token response said', async () => {
  const world = await createWorld()
  const tokens = await launched(world)
  const { status, headers, body } = await introspect(world, tokens.access_token)
  assert.equal(status, 200)
  assert.match(headers['content-type'] ?? '', /^application\/json/)
  assert.equal(headers['cache-control'], 'no-store')
  const { jti } = claimsOf(tokens.access_token)
  assert.deepEqual(body, {
    active: true,
    token_type: 'Bearer',
    scope: tokens.scope,
    client_id: publicApp.id,
    iat: start / 1000,
    exp: start / 1000 + tokens.expires_in,
    aud: fhirBase,
    jti,
    iss: baseUrl,
    sub: users.doctor.id,
    fhirUser: `${fhirBase}/Practitioner/lin`,
    patient: tokens.patient,
    encounter: tokens.encounter,
    fhirContext: tokens.fhirContext,
    intent: tokens.intent,
    need_patient_banner: false,
    smart_style_url: tokens.smart_style_url,
    tenant: 'north',
    appContext: 'plan 7',
  })
  const { iss, sub, fhirUser } = claimsOf(tokens.id_token)
  assert.deepEqual([body.iss, body.sub, body.fhirUser], [iss, sub, fhirUser])
})

test('INTR-08: every launch-context member of the token response is there, word for word', async () => {
  const world = await createWorld()
  const { access_token, token_type, expires_in, refresh_token, id_token, ...context } = await launched(world)
  const { body } = await introspect(world, access_token)
  for (const [name, value] of Object.entries(context)) assert.deepEqual(body[name], value, name)
  assert.ok([token_type, expires_in, refresh_token, id_token].every(Boolean))
})

test('INTR-03: the token of somebody whose account was disabled is worth nothing, to whoever asks', async () => {
  const world = await createWorld()
  const { access_token } = await obtainConfidential(world, users.patient)
  world.deactivate(users.patient)
  for (const caller of [asResourceServer, asConfidential]) {
    assert.deepEqual((await introspect(world, access_token, caller)).body, { active: false })
  }
})

test('INTR-06, INTR-07: exp agrees with expires_in to the second, and the token is dead then', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const { body } = await introspect(world, tokens.access_token)
  assert.equal(body.exp, start / 1000 + tokens.expires_in)
  world.pass(tokens.expires_in * 1000)
  assert.deepEqual((await introspect(world, tokens.access_token)).body, { active: false })
})

test('INTR-09, INTR-10: without openid an app learns of no person', async () => {
  const world = await createWorld()
  const { access_token } = await obtainConfidential(world, users.patient, {
    scope: 'launch/patient patient/*.rs fhirUser',
  })
  const own = (await introspect(world, access_token, asConfidential)).body
  assert.equal(own.active, true)
  assert.equal('sub' in own || 'fhirUser' in own, false)
  assert.equal((await introspect(world, access_token)).body.sub, users.patient.id)
})

test('INTR-03: an app learns of its own access token and its own refresh token', async () => {
  const world = await createWorld()
  const tokens = await obtainConfidential(world, users.patient)
  assert.equal((await introspect(world, tokens.access_token, asConfidential)).body.active, true)
  const { body } = await introspect(world, tokens.refresh_token, asConfidential)
  assert.equal(body.active, true)
  assert.equal(body.client_id, 'confidential-app')
  assert.equal(body.scope, tokens.scope)
  assert.equal(body.exp, (start + 93 * DAY) / 1000)
  assert.equal(body.patient, 'amara')
  assert.equal('token_type' in body, false)
})

test('INTR-03: a refresh token is no longer active when it was used or revoked, its session is over, or it is too old', async () => {
  const world = await createWorld()
  const active = async (token: string) => (await introspect(world, token, asConfidential)).body
  const used = await obtainConfidential(world, users.patient)
  const next = await ask(
    world,
    { grant_type: 'refresh_token', refresh_token: used.refresh_token },
    asConfidential,
  )
  assert.deepEqual(await active(used.refresh_token), { active: false })
  assert.equal((await active(next.body.refresh_token)).active, true)
  const online = await obtainConfidential(world, users.patient, { scope: 'openid online_access' })
  assert.equal((await active(online.refresh_token)).active, true)
  await revoke(world, online.refresh_token, {}, asConfidential)
  assert.deepEqual(await active(online.refresh_token), { active: false })
  const over = await obtainConfidential(world, users.patient, { scope: 'openid online_access' })
  assert.equal((await active(over.refresh_token)).active, true)
  world.signOut(users.patient)
  assert.deepEqual(await active(over.refresh_token), { active: false })
  world.pass(93 * DAY)
  assert.deepEqual(await active(next.body.refresh_token), { active: false })
})

test('RFC-21: another app learns nothing: not that a token lives, nor whose it is', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  for (const token of [tokens.access_token, tokens.refresh_token, tokens.id_token])
    assert.deepEqual((await introspect(world, token, asConfidential)).body, { active: false })
})

test('REG-05: of a refresh token is told what the registration has left of it, and nothing without a scope to refresh by', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtainConfidential(world, users.patient, {
    scope: 'openid fhirUser offline_access launch/patient patient/Observation.rs',
  })
  const register = (scope: string) => world.clients.change(confidentialApp.id, (app) => ({ ...app, scope }))
  const told = async () => (await introspect(world, refresh_token, asConfidential)).body
  await register('openid offline_access launch/patient patient/Observation.r')
  const { active, scope, fhirUser } = await told()
  assert.deepEqual(
    [active, scope, fhirUser],
    [true, 'openid offline_access launch/patient patient/Observation.r', undefined],
  )
  await register('openid launch/patient patient/Observation.r')
  assert.deepEqual(await told(), { active: false })
})

test('a refresh token is no access token, not even to a resource server', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtain(world, users.patient)
  assert.deepEqual((await introspect(world, refresh_token)).body, { active: false })
})

const dead: readonly (readonly [string, (world: World, token: string) => Promise<string>])[] = [
  ['unknown', async () => 'x'.repeat(43)],
  ['no token', async () => 'not a token'],
  ['changed', async (_, token) => `${token.slice(0, -2)}AA`],
  ['of no algorithm', async (_, token) => `eyJhbGciOiJub25lIn0.${token.split('.')[1]}.`],
  ['too long', async () => 'x'.repeat(200_000)],
  ['revoked', async (world, token) => (await revoke(world, token)) && token],
  [
    'of an ended grant',
    async (world, token) => {
      await world.authorization.revokeGrant(String(claimsOf(token).grant))
      return token
    },
  ],
  [
    'of a disabled app',
    async (world, token) => {
      await world.clients.change(publicApp.id, () => ({ ...publicApp, disabled: true }))
      world.authorization.clientsChanged()
      return token
    },
  ],
  [
    'expired',
    async (world, token) => {
      world.pass(10 * MINUTE)
      return token
    },
  ],
]
for (const [what, make] of dead) {
  test(`RFC-21, AMB-44: a token that is ${what} is inactive, with 200 and nothing more`, async () => {
    const world = await createWorld()
    const { access_token } = await obtain(world, users.patient)
    const { status, body } = await introspect(world, await make(world, access_token))
    assert.equal(status, 200)
    assert.deepEqual(body, { active: false })
  })
}

test('RFC-21: a token of a server that has the same keys, and not this one’s grants, is inactive', async () => {
  const [world, other] = [await createWorld(), await createWorld()]
  const { access_token } = await obtain(other, users.patient)
  assert.deepEqual((await introspect(world, access_token)).body, { active: false })
})

const strangers: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
  ['nobody', {}, {}],
  ['a public app by its name', {}, { client_id: publicApp.id }],
  ['a confidential app by its name', {}, { client_id: 'confidential-app' }],
  ['a wrong secret', basic('resource-server', 'wrong'), {}],
  ['a wrong secret in the form', {}, { client_id: 'resource-server', client_secret: 'wrong' }],
  ['an unknown app', basic('nobody', secret), {}],
  ['a token that is none', { authorization: 'Bearer x' }, {}],
  ['a header of another kind', { authorization: 'Digest x' }, {}],
]
for (const [who, headers, form] of strangers) {
  test(`INTR-11, RFC-22: ${who} is refused with 401`, async () => {
    const world = await createWorld()
    const { access_token } = await obtain(world, users.patient)
    const refused = await introspect(world, access_token, headers, form)
    assert.equal(refused.status, 401)
    assert.match(refused.headers['www-authenticate'] ?? '', /^(Basic|Bearer) realm="introspection"/)
    assert.match(String(refused.body.error), /^invalid_(client|token)$/)
    assert.equal('active' in refused.body, false)
  })
}

const malformed: readonly (readonly [string, string, Record<string, string>])[] = [
  ['no token', 'token_type_hint=access_token', {}],
  ['an empty token', 'token=', {}],
  ['two tokens', 'token=a&token=b', {}],
  ['JSON', '{"token":"a"}', { 'content-type': 'application/json' }],
]
for (const [what, body, headers] of malformed) {
  test(`INTR-02: ${what} is invalid_request`, async () => {
    const world = await createWorld()
    const reply = await world.app.inject({
      method: 'POST',
      url: '/oauth/introspect',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...asResourceServer, ...headers },
    })
    assert.equal(reply.status, 400)
    assert.equal(JSON.parse(reply.body).error, 'invalid_request')
    assert.equal(reply.headers['cache-control'], 'no-store')
  })
}

test('INTR-02: only POST, and never a token in the address', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  const reply = await world.app.inject({
    url: `/oauth/introspect?token=${access_token}`,
    headers: asResourceServer,
  })
  assert.equal(reply.status, 405)
  const posted = await world.app.inject({
    method: 'POST',
    url: `/oauth/introspect?token=${access_token}`,
    headers: asResourceServer,
    form: {},
  })
  assert.equal(posted.status, 400)
})

test('a token hint of any kind changes nothing', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  for (const token_type_hint of ['access_token', 'refresh_token', 'nonsense'])
    assert.equal(
      (await introspect(world, access_token, asResourceServer, { token_type_hint })).body.active,
      true,
    )
})

test('RFC 9701: the answer as a signed JWT, for the caller alone and of a type of its own', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  const accept = { ...asResourceServer, accept: 'application/token-introspection+jwt' }
  const reply = await post(world, '/oauth/introspect', { token: access_token }, accept)
  assert.equal(reply.status, 200)
  assert.equal(reply.headers['content-type'], 'application/token-introspection+jwt')
  assert.equal(reply.headers['cache-control'], 'no-store')
  const jwks = JSON.parse((await world.app.inject({ url: '/oauth/jwks' })).body)
  const { payload } = await jwtVerify(reply.body, createLocalJWKSet(jwks), {
    issuer: baseUrl,
    audience: resourceServer.id,
    typ: 'token-introspection+jwt',
    algorithms: ['RS256'],
    currentDate: new Date(start),
  })
  assert.deepEqual(payload.token_introspection, (await introspect(world, access_token)).body)
  assert.equal('sub' in payload || 'exp' in payload, false)
  // It is no access token.
  assert.equal(await world.authorization.verifyAccessToken(reply.body), undefined)
  const dead = await post(world, '/oauth/introspect', { token: 'x' }, accept)
  assert.deepEqual(claimsOf(dead.body).token_introspection, { active: false })
})

for (const accept of ['*/*', 'application/json', 'application/token-introspection+jwt;q=0']) {
  test(`RFC 9701: JSON to a caller that accepts ${accept}`, async () => {
    const world = await createWorld()
    const { access_token } = await obtain(world, users.patient)
    const { headers } = await introspect(world, access_token, { ...asResourceServer, accept })
    assert.match(headers['content-type'] ?? '', /^application\/json/)
  })
}

test('a refused introspection leaves nothing but its record, which has no token in it', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  const before = world.events.length
  await introspect(world, access_token, basic('resource-server', 'wrong'))
  const [event, ...more] = world.events.slice(before)
  assert.equal(more.length, 0)
  assert.equal(event?.kind, 'token')
  assert.equal(event?.outcome, 'refused')
  assert.equal(JSON.stringify(event).includes(access_token.slice(0, 40)), false)
})

test('an app that is not a resource server cannot make itself one by what it registers', async () => {
  const world = await createWorld({ openRegistration: true })
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      redirect_uris: ['https://evil.example/cb'],
      scope: 'openid __introspect patient/*.rs',
      resource_server: true,
      resourceServer: true,
    }),
  })
  const { client_id, client_secret } = JSON.parse(reply.body)
  assert.equal((await world.clients.find(client_id))?.resourceServer, undefined)
  const { access_token } = await obtain(world, users.patient)
  const told = await introspect(world, access_token, basic(client_id, client_secret))
  assert.deepEqual(told.body, { active: false })
})
