/** The members of the token response, its headers and its lifetimes, for each grant. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWith, assertionOf, backendOf, jwtBearer, keyPair } from '../../attacks/authorization/backend.ts'
import {
  ask,
  authorizeParameters,
  Browser,
  basic,
  claimsOf,
  obtain,
  query,
  redeem,
} from '../../attacks/authorization/visit.ts'
import {
  baseUrl,
  callback,
  createWorld,
  fhirBase,
  publicApp,
  SECOND,
  users,
  type World,
} from '../../attacks/authorization/world.ts'

function refresh(world: World, token: string, more: Record<string, string> = {}) {
  return ask(world, { grant_type: 'refresh_token', refresh_token: token, client_id: publicApp.id, ...more })
}

test('TOK-12, TOK-13, TOK-14, TOK-16, TOK-21: token, type, lifetime, scope and context stand in one JSON object', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  assert.equal(typeof tokens.access_token, 'string')
  assert.equal(tokens.token_type, 'Bearer')
  assert.ok(Number.isInteger(tokens.expires_in) && tokens.expires_in > 0)
  assert.equal(tokens.scope, 'openid fhirUser launch/patient patient/Observation.rs offline_access')
  assert.equal(tokens.patient, 'amara')
})

test('TOK-22: no answer of the token endpoint is kept by anybody, given or refused, for any grant', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtain(world, users.patient)
  const page = await new Browser(world, users.patient).open()
  for (const reply of [
    await redeem(world, (await page.allow()).code),
    await refresh(world, refresh_token),
    await refresh(world, 'nonsense'),
    await ask(world, { grant_type: 'client_credentials' }),
    await ask(world, { grant_type: 'client_credentials' }, basic('confidential-app', 'wrong')),
  ]) {
    assert.equal(reply.headers['cache-control'], 'no-store')
    assert.equal(reply.headers.pragma, 'no-cache')
  }
})

test('TOK-22, EM-05: nor is what the token endpoint says to a request that it cannot read', async () => {
  const world = await createWorld()
  const form = 'application/x-www-form-urlencoded'
  for (const [request, status] of [
    [{ method: 'GET' }, 405],
    [{ method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }, 400],
    [{ method: 'POST', headers: { 'content-type': form }, body: 'code=a&code=b' }, 400],
    [{ method: 'POST', headers: { 'content-type': form }, body: `code=${'a'.repeat(2_000_000)}` }, 413],
  ] as const) {
    const reply = await world.app.inject({ url: '/oauth/token', ...request })
    assert.equal(reply.status, status)
    assert.equal(reply.headers['cache-control'], 'no-store', `${status}`)
    assert.equal(reply.headers.pragma, 'no-cache', `${status}`)
    assert.equal(typeof JSON.parse(reply.body).error, 'string')
  }
})

test('TOK-17: what was unticked is left out of the scope, which is told all the same', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open({
    scope: 'openid patient/Condition.rs patient/Observation.rs',
  })
  const { body } = await redeem(world, (await page.allow(['patient/Condition.rs'])).code)
  assert.equal(body.scope, 'patient/Condition.rs')
})

test('TOK-19, CTX-41, CTX-43, CTX-44, CTX-45, CTX-46: who granted openid and fhirUser is named in an ID token by a record of theirs', async () => {
  const world = await createWorld()
  for (const [user, record] of [
    [users.patient, 'Patient/amara'],
    [users.doctor, 'Practitioner/lin'],
  ] as const) {
    const { id_token } = await obtain(world, user, { scope: 'openid fhirUser' })
    const { fhirUser, aud, iss } = claimsOf(id_token)
    assert.deepEqual([fhirUser, aud, iss], [`${fhirBase}/${record}`, publicApp.id, baseUrl])
    assert.match(String(fhirUser), /\/(?:Patient|Practitioner|PractitionerRole|RelatedPerson|Person)\/[^/]+$/)
  }
  assert.equal(
    'id_token' in (await obtain(world, users.patient, { scope: 'fhirUser patient/*.rs launch/patient' })),
    false,
  )
})

test('TOK-23, TOK-28: a token is of the characters of a bearer token, and with usual scopes far below what a header takes', async () => {
  const world = await createWorld()
  const { access_token, refresh_token } = await obtain(world, users.patient)
  for (const token of [access_token, refresh_token]) assert.match(token, /^[A-Za-z0-9\-._~+/]+=*$/)
  assert.ok(access_token.length < 1_500)
})

test('CODE-02, CODE-07, AUTHZ-18: with S256 the redirect has a code, and no scope or token', async () => {
  const world = await createWorld()
  const back = await (await new Browser(world, users.patient).open()).allow()
  assert.ok(back.reply.headers.location?.startsWith(`${callback}?`))
  assert.deepEqual([...back.answer.keys()].sort(), ['code', 'iss', 'state'])
  assert.equal((await redeem(world, back.code)).status, 200)
})

test('AUTHZ-13, AUTHZ-14: aud, or resource instead of it, has to name this FHIR server', async () => {
  const world = await createWorld()
  for (const changes of [{ aud: fhirBase }, { aud: undefined, resource: fhirBase }])
    assert.equal((await new Browser(world, users.patient).open(changes)).reply.status, 200)
  const other = 'https://other.example/fhir'
  for (const changes of [
    { aud: other },
    { aud: undefined, resource: other },
    { aud: fhirBase, resource: other },
    { aud: other, resource: fhirBase },
  ]) {
    const wrong = await new Browser(world, users.patient).open(changes)
    assert.equal(wrong.answer.get('error'), 'invalid_request', JSON.stringify(changes))
  }
})

test('AUTHZ-25: the server decides: what policy or the person refuses is not granted, whatever was asked', async () => {
  const world = await createWorld()
  const asked = await new Browser(world, users.patient).open({ scope: 'system/*.cruds openid patient/*.rs' })
  assert.ok(!asked.values('scope').some((scope) => scope.startsWith('system/')))
  assert.ok(asked.values('scope').length === 2)
  const { body } = await redeem(world, (await asked.allow(['openid'])).code)
  assert.equal(body.scope, 'openid')
  const page = await new Browser(world, users.patient).open()
  const ticked = page.values('scope').map((scope) => ['scope', scope] as const)
  const denied = await page.send([...ticked, ['decision', 'deny']])
  assert.equal(denied.answer.get('error'), 'access_denied')
})

test('REFR-06, REFR-11, REFR-14, REFR-15, RFC-11: a narrowed refresh narrows its own access token, and the next has all again', async () => {
  const world = await createWorld()
  const first = await obtain(world, users.patient, {
    scope: 'launch/patient patient/Condition.rs patient/Observation.rs offline_access',
  })
  const narrowed = (await refresh(world, first.refresh_token, { scope: 'patient/Condition.r' })).body
  assert.equal(narrowed.scope, 'patient/Condition.r')
  assert.ok(narrowed.expires_in > 0)
  assert.equal(claimsOf(narrowed.access_token).patient, 'amara')
  const next = (await refresh(world, narrowed.refresh_token)).body
  assert.equal(next.scope, first.scope)
})

test('CTX-12: patient scopes that come without launch/patient are given a patient all the same', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient, { scope: 'patient/Observation.rs' })
  assert.equal(tokens.patient, 'amara')
})

test('CTX-15, SCOPE-20: a token is bound to the patient that its response names', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  assert.equal(claimsOf(tokens.access_token).patient, tokens.patient)
  assert.equal((await world.authorization.verifyAccessToken(tokens.access_token))?.patient, tokens.patient)
})

test('CTX-47: optional parameters of OpenID Connect do no harm', async () => {
  const world = await createWorld()
  const { reply } = await new Browser(world, users.patient).open({
    display: 'popup',
    claims_locales: 'en',
    ui_locales: 'en',
  })
  assert.equal(reply.status, 200)
})

for (const alg of ['RS384', 'ES384'] as const)
  test(`CAP-16, DISC-16, DISC-17, CAUTH-04, BKND-13, BKND-16, BKND-17, BKND-18, BKND-20, SEED-61: ${alg} is announced, and gives a system token for five minutes and nothing else`, async () => {
    const pair = await keyPair(alg)
    const world = await createWorld({ clients: [await backendOf([pair])] })
    const found = JSON.parse((await world.app.inject({ url: '/fhir/.well-known/smart-configuration' })).body)
    assert.ok(found.capabilities.includes('client-confidential-asymmetric'))
    assert.ok(found.token_endpoint_auth_methods_supported.includes('private_key_jwt'))
    assert.ok(found.token_endpoint_auth_signing_alg_values_supported.includes(alg))
    assert.ok(found.scopes_supported.length > 0 && found.grant_types_supported.includes('client_credentials'))
    const { status, body, headers } = await askWith(world, await assertionOf(world, pair))
    assert.equal(status, 200)
    assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'scope', 'token_type'])
    assert.match(body.token_type, /^bearer$/i)
    assert.ok(body.expires_in <= 300)
    assert.equal(body.scope, 'system/Patient.rs')
    assert.equal(headers['cache-control'], 'no-store')
  })

test('BKND-10, BKND-15, BKND-19: what the app was not registered for beforehand is refused by the error that fits, with a description', async () => {
  const pair = await keyPair('ES384')
  const world = await createWorld({ clients: [await backendOf([pair])] })
  const cases = [
    [{ scope: 'system/Condition.rs' }, 'invalid_scope'],
    [{ scope: 'system/Patient.cruds' }, 'invalid_scope'],
    [{ scope: '' }, 'invalid_scope'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [
      { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x', code_verifier: 'x' },
      'unauthorized_client',
    ],
  ] as const
  for (const [changes, error] of cases) {
    const { status, body } = await askWith(world, await assertionOf(world, pair), changes)
    assert.deepEqual([status, body.error], [400, error])
    assert.ok(String(body.error_description).length > 10)
  }
})

const broken: readonly (readonly [string, object])[] = [
  ['no iss', { claims: { iss: undefined } }],
  ['no sub', { claims: { sub: undefined } }],
  ['no aud', { claims: { aud: undefined } }],
  ['no exp', { claims: { exp: undefined } }],
  ['another server as its audience', { claims: { aud: 'https://other.example/token' } }],
  ['a time to come', { claims: { nbf: 4_000_000_000 } }],
]
for (const [what, changes] of broken)
  test(`RFC-19, CAUTH-36: an assertion with ${what} is refused as invalid_client`, async () => {
    const pair = await keyPair('ES384')
    const world = await createWorld({ clients: [await backendOf([pair])] })
    assert.equal((await askWith(world, await assertionOf(world, pair, changes))).body.error, 'invalid_client')
    assert.equal((await askWith(world, await assertionOf(world, pair))).status, 200)
  })

test('RFC-19, CAUTH-36: an assertion that has expired, or was signed by somebody else, is refused', async () => {
  const [pair, other] = [await keyPair('ES384'), await keyPair('ES384', 'other')]
  const world = await createWorld({ clients: [await backendOf([pair])] })
  const late = await assertionOf(world, pair)
  const forged = await assertionOf(world, pair, { key: other.privateKey })
  assert.equal((await askWith(world, forged)).body.error, 'invalid_client')
  world.pass(600 * SECOND)
  assert.equal((await askWith(world, late)).body.error, 'invalid_client')
})

test('CAUTH-21: the id that an app was given is the one by which it asks, and no other is taken for it', async () => {
  const pair = await keyPair('ES384')
  const world = await createWorld({ clients: [await backendOf([pair]), publicApp] })
  const form = {
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: jwtBearer,
  }
  const named = async (client_id: string) =>
    ask(world, { ...form, client_assertion: await assertionOf(world, pair), client_id })
  assert.equal((await named('backend')).status, 200)
  assert.notEqual((await named(publicApp.id)).status, 200)
})

test('CAUTH-13: keys that an app supplied are kept word for word, and no request of anybody changes them', async () => {
  const [pair, other] = [await keyPair('ES384'), await keyPair('ES384', 'other')]
  const world = await createWorld({ clients: [await backendOf([pair])] })
  for (const header of [
    { jwk: other.jwk },
    { kid: 'other', jwk: other.jwk },
    { jku: 'https://evil.example/keys' },
  ]) {
    const forged = await assertionOf(world, pair, { header, key: other.privateKey })
    assert.equal((await askWith(world, forged, { jwks: JSON.stringify({ keys: [other.jwk] }) })).status, 400)
  }
  assert.deepEqual((await world.clients.find('backend'))?.jwks, { keys: [{ ...pair.jwk }] })
})

test('DISC-25, SCOPE-31: the extension scope for introspection is granted to a resource server, and told in its scope', async () => {
  const pair = await keyPair('ES384')
  const server = await backendOf([pair], { resourceServer: true, scope: '__introspect system/Patient.rs' })
  const world = await createWorld({ clients: [server] })
  const { scopes_supported } = JSON.parse(
    (await world.app.inject({ url: '/fhir/.well-known/smart-configuration' })).body,
  )
  const { status, body } = await askWith(world, await assertionOf(world, pair), { scope: '__introspect' })
  assert.equal(status, 200, JSON.stringify(body))
  assert.equal(body.scope, '__introspect')
  assert.deepEqual(
    scopes_supported.filter((scope: string) => /^__|:/.test(scope)),
    ['__introspect'],
  )
})

test('AUTHZ-13: parameters in any order make the same request', async () => {
  const world = await createWorld()
  const reply = await new Browser(world, users.patient).get(
    `/oauth/authorize?${query([...authorizeParameters()].reverse())}`,
  )
  assert.match(reply.headers.location ?? '', /\/oauth\/flow\//)
})
