/** What a backend service gets, and what it does not. BKND-04 to BKND-20, SCOPE-24, EM-16, TOK-11 to TOK-16, TOK-22, RFC-10. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { askWith, assertionOf, backendOf, keyPair, worldOf } from './backend.ts'
import { ask, Browser, basic, claimsOf } from './visit.ts'
import {
  baseUrl,
  confidentialApp,
  createWorld,
  DAY,
  fhirBase,
  publicApp,
  secret,
  users,
  type World,
} from './world.ts'

async function grant(world: World, changes: Record<string, string> = {}) {
  return askWith(world, await assertionOf(world, await keyPair('ES384')), changes)
}

test('BKND-16, BKND-18, BKND-19, BKND-20, TOK-11, TOK-12, TOK-13, TOK-14, TOK-16, TOK-22, AMB-02, AMB-03: the token response, and nothing but it', async () => {
  const world = await worldOf()
  const { status, headers, body } = await grant(world, { scope: 'system/Patient.rs system/Observation.s' })
  assert.equal(status, 200)
  assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'scope', 'token_type'])
  assert.equal(body.token_type, 'Bearer')
  assert.equal(body.expires_in, 300)
  assert.equal(body.scope, 'system/Patient.rs system/Observation.s')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers.pragma, 'no-cache')
})

test('RFC 9068 §2.2: the token is about the app itself', async () => {
  const world = await worldOf()
  const { body } = await grant(world)
  const { iss, sub, aud, client_id, exp, iat, scope, gty, fhirUser, patient } = claimsOf(body.access_token)
  assert.deepEqual(
    { iss, sub, aud, client_id, scope, gty, fhirUser, patient },
    {
      iss: baseUrl,
      sub: 'backend',
      aud: fhirBase,
      client_id: 'backend',
      scope: 'system/Patient.rs',
      gty: 'client_credentials',
      fhirUser: undefined,
      patient: undefined,
    },
  )
  assert.equal(Number(exp) - Number(iat), 300)
})

test('BKND-26, TOK-15: the token counts for five minutes, with no user behind it', async () => {
  const world = await worldOf()
  const { body } = await grant(world)
  const verified = await world.authorization.verifyAccessToken(body.access_token)
  assert.equal(verified?.clientId, 'backend')
  assert.equal(verified?.user, undefined)
  world.pass(300_000)
  assert.equal(await world.authorization.verifyAccessToken(body.access_token), undefined)
})

test('a disabled app has nothing at once, and neither has one whose grant was ended', async () => {
  const world = await worldOf()
  const [one, two] = [(await grant(world)).body, (await grant(world)).body]
  await world.authorization.revokeGrant(String(claimsOf(one.access_token).grant))
  assert.equal(await world.authorization.verifyAccessToken(one.access_token), undefined)
  assert.notEqual(await world.authorization.verifyAccessToken(two.access_token), undefined)
  const client = await world.clients.find('backend')
  await world.clients.change(String(client?.id), () => ({ ...(client as Client), disabled: true }))
  world.authorization.clientsChanged()
  assert.equal(await world.authorization.verifyAccessToken(two.access_token), undefined)
})

test('what is given is on record in the same transaction: app, grant, token, scope, and no user', async () => {
  const world = await worldOf()
  const { body } = await grant(world)
  const told = world.events.find(({ kind }) => kind === 'token')
  const { grant: id, jti } = claimsOf(body.access_token)
  assert.deepEqual(told, {
    kind: 'token',
    outcome: 'success',
    actor: { client: 'backend', grant: id, token: jti },
    grantType: 'client_credentials',
    scope: 'system/Patient.rs',
    patients: [],
  })
})

const beyond = [
  'system/*.rs',
  'system/Patient.cruds',
  'system/Encounter.r',
  'system/Patient.rs system/Encounter.r',
  'patient/*.rs',
  'user/Patient.rs',
  'openid',
  'launch',
  'offline_access',
  'ehr.launch',
  'nonsense',
  'a"b',
]
for (const scope of beyond) {
  test(`BKND-14, BKND-15: ${scope} is not what the app registered: invalid_scope, and nothing is given`, async () => {
    const world = await worldOf()
    const { status, body } = await grant(world, { scope })
    assert.deepEqual([status, body.error], [400, 'invalid_scope'])
    assert.match(String(body.error_description), /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
    const row = await world.sql.get<{ n: number }>('SELECT count(*) AS n FROM grants')
    assert.equal(Number(row?.n), 0)
  })
}

test('BKND-08: no scope, no token', async () => {
  const { status, body } = await grant(await worldOf(), { scope: '' })
  assert.deepEqual([status, body.error], [400, 'invalid_scope'])
})

test('BKND-10: scopes that need a user are not had by an app for itself, though it is registered for them', async () => {
  const world = await worldOf({
    scope: 'patient/*.rs user/*.rs openid launch offline_access system/Patient.rs',
  })
  for (const scope of ['patient/*.rs', 'user/*.rs', 'openid', 'launch', 'offline_access'])
    assert.equal((await grant(world, { scope })).body.error, 'invalid_scope')
})

test('REG: only apps registered for client credentials have them', async () => {
  const pair = await keyPair('ES384')
  const world = await worldOf({ grantTypes: ['authorization_code'], redirectUris: ['https://b.example/'] })
  const { status, body } = await askWith(world, await assertionOf(world, pair))
  assert.deepEqual([status, body.error], [400, 'unauthorized_client'])
})

test('BKND-04: an app that cannot prove who it is has nothing of its own, whatever was registered', async () => {
  const app: Client = { ...publicApp, grantTypes: ['client_credentials'], scope: 'system/*.rs' }
  const world = await createWorld({ clients: [app] })
  const form = { grant_type: 'client_credentials', scope: 'system/*.rs', client_id: app.id }
  const { status, body } = await ask(world, form)
  assert.deepEqual([status, body.error], [400, 'unauthorized_client'])
})

test('CAUTH-02: by a secret only where an administrator registered it so', async () => {
  const app: Client = { ...confidentialApp, grantTypes: ['client_credentials'], scope: 'system/Patient.rs' }
  const world = await createWorld({ clients: [app] })
  const form = { grant_type: 'client_credentials', scope: 'system/Patient.rs' }
  const { body } = await ask(world, form, basic(app.id, secret))
  assert.deepEqual([body.scope, body.expires_in], ['system/Patient.rs', 300])
})

test('a backend service has no way through the browser: it has no redirect URI, and no user signs in for it', async () => {
  const world = await worldOf()
  for (const redirect_uri of ['https://app.example/callback', '', 'http://localhost/']) {
    const page = await new Browser(world, users.doctor).open({
      client_id: 'backend',
      redirect_uri,
      scope: 'system/Patient.rs',
    })
    assert.equal(page.reply.status, 400)
    assert.equal(page.reply.headers.location, undefined)
  }
})

test('SCOPE-24: an app with a user gets no system scopes, whatever it registered', async () => {
  const app: Client = { ...publicApp, scope: `${publicApp.scope} system/*.cruds` }
  const world = await createWorld({ clients: [app] })
  const page = await new Browser(world, users.patient).open({
    scope: 'patient/*.rs system/*.cruds launch/patient',
  })
  assert.equal(
    page.values('scope').some((scope) => scope.startsWith('system/')),
    false,
  )
})

test('a user’s token does not turn into an app’s, nor an app’s into a user’s', async () => {
  const world = await worldOf({ scope: 'system/Patient.rs' })
  const { body } = await grant(world)
  const [head, payload, signature] = body.access_token.split('.')
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
  for (const changes of [
    { gty: undefined },
    { sub: 'u-doctor' },
    { gty: 'other' },
    { scope: 'system/*.cruds' },
  ]) {
    const changed = Buffer.from(JSON.stringify({ ...claims, ...changes })).toString('base64url')
    assert.equal(await world.authorization.verifyAccessToken(`${head}.${changed}.${signature}`), undefined)
  }
})

test('tokens of apps are forgotten after a day, those of users are not', async () => {
  const world = await worldOf()
  await grant(world)
  world.pass(DAY - 1)
  await world.authorization.sweep()
  const count = async () =>
    Number((await world.sql.get<{ n: number }>('SELECT count(*) AS n FROM grants'))?.n)
  assert.equal(await count(), 1)
  world.pass(1)
  await world.authorization.sweep()
  assert.equal(await count(), 0)
})

test('DISC-15, DISC-16, DISC-17, CAUTH-04, CAP-16, AMB-37: discovery names what works', async () => {
  const world = await createWorld()
  for (const url of [
    '/fhir/.well-known/smart-configuration',
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
  ]) {
    const document = JSON.parse((await world.app.inject({ url })).body)
    assert.deepEqual(document.token_endpoint_auth_methods_supported, [
      ...(url.endsWith('smart-configuration') ? [] : ['none']),
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
    ])
    assert.deepEqual(document.token_endpoint_auth_signing_alg_values_supported, [
      'RS384',
      'ES384',
      'RS256',
      'ES256',
      'PS256',
      'PS384',
      'EdDSA',
      'Ed25519',
    ])
    assert.ok(document.grant_types_supported.includes('client_credentials'))
    assert.ok(document.scopes_supported.includes('system/*.rs'))
    assert.equal(document.token_endpoint, `${baseUrl}/oauth/token`)
    if (document.capabilities) assert.ok(document.capabilities.includes('client-confidential-asymmetric'))
  }
})

test('DISC-23: every system scope that discovery names is granted to who registered it', async () => {
  const world = await createWorld()
  const document = JSON.parse((await world.app.inject({ url: '/fhir/.well-known/smart-configuration' })).body)
  const scopes = document.scopes_supported.filter((scope: string) => scope.startsWith('system/'))
  const pair = await keyPair('ES384')
  const registered = await createWorld({ clients: [await backendOf([pair], { scope: 'system/*.cruds' })] })
  for (const scope of scopes) {
    const { body } = await askWith(registered, await assertionOf(registered, pair), { scope })
    assert.equal(body.scope, scope)
  }
})
