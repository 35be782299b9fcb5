/** What every good answer of the token endpoint has, first and on refresh, for public and confidential apps. TOK, REFR, CTX. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { asConfidential, introspect, isGood, obtainConfidential } from './tokens.ts'
import { ask, authorizeParameters, Browser, claimsOf, obtain, redeem } from './visit.ts'
import {
  baseUrl,
  confidentialApp,
  createWorld,
  DAY,
  fhirBase,
  MINUTE,
  publicApp,
  start,
  users,
  type World,
} from './world.ts'

function refresh(world: World, refresh_token: string, more: Record<string, string> = {}) {
  const form = { grant_type: 'refresh_token', refresh_token, client_id: publicApp.id, ...more }
  return ask(world, form)
}

const contextNames = [
  'patient',
  'encounter',
  'fhirContext',
  'intent',
  'need_patient_banner',
  'smart_style_url',
  'tenant',
]

async function launched(world: World) {
  const launch = await world.launch(users.doctor, {
    patient: 'lucia',
    encounter: 'e2',
    intent: 'review',
    needPatientBanner: true,
    tenant: 'north',
  })
  const scope = 'openid fhirUser launch patient/*.rs offline_access'
  return obtain(world, users.doctor, { launch, scope })
}

test('TOK-12, TOK-13, TOK-14, TOK-16, TOK-20, TOK-21: all members in the body, with the launch context beside them', async () => {
  const world = await createWorld()
  const tokens = await launched(world)
  assert.equal(typeof tokens.access_token, 'string')
  assert.equal(tokens.token_type, 'Bearer')
  assert.equal(typeof tokens.expires_in, 'number')
  assert.equal(typeof tokens.scope, 'string')
  assert.equal(typeof tokens.refresh_token, 'string')
  assert.equal(tokens.patient, 'lucia')
  assert.equal(tokens.encounter, 'e2')
  assert.equal(tokens.intent, 'review')
  assert.equal(tokens.need_patient_banner, true)
  assert.equal(tokens.tenant, 'north')
})

test('TOK-17: the scope that was granted is told where it is less than what was asked', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient, {
    scope: 'openid launch/patient patient/Observation.rs system/*.cruds patient/Nothing.rs',
  })
  assert.equal(tokens.scope, 'openid launch/patient patient/Observation.rs')
  assert.equal(claimsOf(tokens.access_token).scope, tokens.scope)
})

test('TOK-19, CTX-41, CTX-43, CTX-46, RFC-24: with openid and fhirUser an ID token comes, signed, for the app, with the user’s record', async () => {
  const world = await createWorld()
  const { id_token } = await launched(world)
  const jwks = createLocalJWKSet(JSON.parse((await world.app.inject({ url: '/oauth/jwks' })).body))
  const { payload } = await jwtVerify(id_token, jwks, {
    issuer: baseUrl,
    audience: publicApp.id,
    algorithms: ['RS256'],
    currentDate: new Date(start),
  })
  assert.equal(payload.fhirUser, `${fhirBase}/Practitioner/lin`)
  assert.equal(payload.sub, users.doctor.id)
  const none = await obtain(world, users.patient, { scope: 'launch/patient patient/*.rs' })
  assert.equal('id_token' in none, false)
})

test('CTX-45: fhirUser is the record of the person: a clinician’s, a patient’s', async () => {
  const world = await createWorld()
  const of = async (user: (typeof users)['doctor' | 'patient']) =>
    claimsOf((await obtain(world, user, { scope: 'openid fhirUser' })).id_token).fhirUser
  assert.equal(await of(users.doctor), `${fhirBase}/Practitioner/lin`)
  assert.equal(await of(users.patient), `${fhirBase}/Patient/amara`)
})

test('TOK-23: an access token has the characters of a bearer token only, whichever format it has', async () => {
  for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
    const world = await createWorld({ clients: [{ ...publicApp, accessTokenFormat }] })
    const { access_token, refresh_token } = await obtain(world, users.patient)
    for (const token of [access_token, refresh_token]) assert.match(token, /^[A-Za-z0-9\-._~+/]+=*$/)
  }
})

test('TOK-24, TOK-25: an app without a secret has ten minutes, one with a secret an hour', async () => {
  const world = await createWorld()
  assert.equal((await obtain(world, users.patient)).expires_in, 600)
  assert.equal((await obtainConfidential(world, users.patient)).expires_in, 3600)
  const scope = 'launch patient/*.rs'
  const launchFor = (id: string) => world.launch(users.doctor, { patient: 'amara' }, id)
  const open = await obtain(world, users.doctor, { scope, launch: await launchFor(publicApp.id) })
  const keeping = { scope, launch: await launchFor(confidentialApp.id) }
  const confidential = await obtainConfidential(world, users.doctor, keeping)
  assert.deepEqual([open.expires_in, confidential.expires_in], [600, 3600], 'also in an EHR launch')
})

test('TOK-28: a token is short enough for a header: an opaque one does not grow with its scope, and no scope is without end', async () => {
  const scope = ['Observation', 'Condition', 'Procedure', 'Encounter', 'Immunization']
    .map((type) => `patient/${type}.rs`)
    .join(' ')
  const world = await createWorld({ clients: [{ ...publicApp, accessTokenFormat: 'opaque' }] })
  assert.equal((await obtain(world, users.patient, { scope })).access_token.length, 43)
  const signing = await createWorld()
  assert.ok((await obtain(signing, users.patient, { scope })).access_token.length < 1024)
})

test('TOK-28: however much is granted, the token fits into the 8 kB that some servers take for headers, and stands for all of it', async () => {
  const world = await createWorld()
  const parts = Array.from({ length: 280 }, (_, n) => `patient/Observation.rs?category=a-category-${n}`)
  const scope = ['launch/patient', 'offline_access', ...parts].join(' ')
  assert.ok(scope.length > 12_000)
  const sent = authorizeParameters({ scope })
  const browser = new Browser(world, users.patient)
  const { headers } = await browser.post('/oauth/authorize', sent)
  const consent = await browser.visit(headers.location ?? '')
  const first = (await redeem(world, (await consent.allow()).code)).body
  const next = (await refresh(world, first.refresh_token)).body
  for (const { scope: granted, access_token, token_type, patient } of [first, next]) {
    assert.deepEqual([granted, token_type, patient], [scope, 'Bearer', 'amara'])
    assert.ok(access_token.length < 7_000, `${access_token.length} characters`)
    assert.match(access_token, /^[A-Za-z0-9\-._~+/]+=*$/)
    assert.equal((await world.authorization.verifyAccessToken(access_token))?.claims.scope, scope)
    assert.equal((await introspect(world, access_token)).body.scope, scope)
  }
  const narrow = (
    await refresh(world, next.refresh_token, { scope: 'patient/Observation.rs?category=a-category-7' })
  ).body
  assert.equal(claimsOf(narrow.access_token).scope, narrow.scope, 'what is short stands in the token')
})

test('TOK-28: an app that registered JWTs gets them, as long as they come', async () => {
  const world = await createWorld({ clients: [{ ...publicApp, accessTokenFormat: 'jwt' }] })
  const parts = Array.from({ length: 100 }, (_, n) => `patient/Observation.rs?category=a-category-${n}`)
  const { access_token, scope } = await obtain(world, users.patient, { scope: parts.join(' ') })
  assert.ok(scope.length > 4_096)
  assert.equal(claimsOf(access_token).scope, scope)
})

test('REFR-06, REFR-11, REFR-14, REFR-15, REFR-16, REFR-18: a refresh without a scope gives all of it again, context included', async () => {
  const world = await createWorld()
  const first = await launched(world)
  world.pass(5 * MINUTE)
  const { status, headers, body } = await refresh(world, first.refresh_token)
  assert.equal(status, 200)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers.pragma, 'no-cache')
  assert.equal(body.expires_in, 600)
  assert.equal(body.scope, first.scope)
  assert.notEqual(body.refresh_token, first.refresh_token)
  for (const name of contextNames) assert.deepEqual(body[name], first[name], name)
  const { iat, exp, jti, ...same } = claimsOf(body.access_token)
  for (const [name, value] of Object.entries(same))
    assert.deepEqual(value, claimsOf(first.access_token)[name], name)
  assert.ok(iat && exp && jti)
})

test('REFR-09, REFR-10, REFR-15: a narrower refresh is told, and the next one is whole again', async () => {
  const world = await createWorld()
  const first = await launched(world)
  const narrow = (await refresh(world, first.refresh_token, { scope: 'patient/Condition.rs' })).body
  assert.equal(narrow.scope, 'patient/Condition.rs')
  assert.equal((await refresh(world, narrow.refresh_token)).body.scope, first.scope)
})

test('REFR-02: online access ends with the session, also for an app that authenticates, and takes the grant with it', async () => {
  const world = await createWorld()
  const tokens = await obtainConfidential(world, users.patient, { scope: 'openid online_access' })
  const again = (refresh_token: string) =>
    ask(world, { grant_type: 'refresh_token', refresh_token }, asConfidential)
  const second = (await again(tokens.refresh_token)).body
  world.signOut(users.patient)
  assert.equal((await again(second.refresh_token)).body.error, 'invalid_grant')
  assert.equal(await isGood(world, second.access_token), false)
})

test('REFR-03, REFR-04: offline access ends a year after it was allowed, however often it was used', async () => {
  const world = await createWorld()
  let { refresh_token } = await obtain(world, users.patient)
  for (let days = 0; days < 320; days += 80) {
    world.pass(80 * DAY)
    refresh_token = (await refresh(world, refresh_token)).body.refresh_token
  }
  world.pass(45 * DAY)
  assert.equal((await refresh(world, refresh_token)).body.error, 'invalid_grant')
})

test('REFR-20, REFR-22: whoever comes second with a stolen refresh token ends what the first one got', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtain(world, users.patient)
  const thief = (await refresh(world, refresh_token)).body
  assert.ok(await isGood(world, thief.access_token))
  assert.equal((await refresh(world, refresh_token)).body.error, 'invalid_grant')
  assert.equal(await isGood(world, thief.access_token), false)
  assert.equal((await refresh(world, thief.refresh_token)).body.error, 'invalid_grant')
})

test('SEC-13: public and confidential apps both get refresh tokens', async () => {
  const world = await createWorld()
  assert.ok((await obtain(world, users.patient)).refresh_token)
  assert.ok((await obtainConfidential(world, users.patient)).refresh_token)
  assert.equal(confidentialApp.authMethod, 'client_secret_basic')
})

test('RFC-25, RFC-26, CTX-52: the OpenID document has what a relying party needs, at the issuer', async () => {
  const world = await createWorld()
  const document = JSON.parse((await world.app.inject({ url: '/.well-known/openid-configuration' })).body)
  assert.equal(document.issuer, baseUrl)
  assert.equal(document.authorization_endpoint, `${baseUrl}/oauth/authorize`)
  assert.equal(document.token_endpoint, `${baseUrl}/oauth/token`)
  assert.equal(document.userinfo_endpoint, `${baseUrl}/oauth/userinfo`)
  assert.equal(document.jwks_uri, `${baseUrl}/oauth/jwks`)
  assert.deepEqual(document.response_types_supported, ['code'])
  assert.deepEqual(document.subject_types_supported, ['public'])
  assert.ok(document.id_token_signing_alg_values_supported.includes('RS256'))
  assert.ok(document.scopes_supported.includes('openid'))
})

test('DISC-28: the discovery documents name introspection and revocation, and how to authenticate there', async () => {
  const world = await createWorld()
  for (const url of ['/fhir/.well-known/smart-configuration', '/.well-known/oauth-authorization-server']) {
    const document = JSON.parse((await world.app.inject({ url })).body)
    assert.equal(document.introspection_endpoint, `${baseUrl}/oauth/introspect`)
    assert.equal(document.revocation_endpoint, `${baseUrl}/oauth/revoke`)
    assert.equal(document.introspection_endpoint_auth_methods_supported.includes('none'), false)
    assert.equal(document.revocation_endpoint_auth_methods_supported.includes('none'), true)
    assert.ok(document.grant_types_supported.includes('urn:ietf:params:oauth:grant-type:token-exchange'))
    assert.ok(document.scopes_supported.includes('__introspect'))
  }
})
