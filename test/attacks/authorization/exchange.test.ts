/** Token exchange narrows an app's own token and does nothing else. RFC 8693. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { tokenExchange } from '../../../src/authorization/client.ts'
import { asConfidential, introspect, isGood, obtainConfidential, revoke } from './tokens.ts'
import { ask, basic, claimsOf, obtain } from './visit.ts'
import {
  confidentialApp,
  createWorld,
  fhirBase,
  MINUTE,
  otherApp,
  publicApp,
  resourceServer,
  secret,
  start,
  users,
  type World,
} from './world.ts'

const accessToken = 'urn:ietf:params:oauth:token-type:access_token'
const exchanging: Client = {
  ...confidentialApp,
  grantTypes: ['authorization_code', 'refresh_token', tokenExchange],
}
const narrow = 'patient/Observation.rs?category=laboratory'

function createExchange(changes: Partial<Client> = {}) {
  return createWorld({ clients: [{ ...exchanging, ...changes }, publicApp, otherApp, resourceServer] })
}

function exchange(
  world: World,
  subject: string,
  changes: Record<string, string | undefined> = {},
  headers: Record<string, string> = asConfidential,
) {
  const form = {
    grant_type: tokenExchange,
    subject_token: subject,
    subject_token_type: accessToken,
    scope: narrow,
    ...changes,
  }
  return ask(
    world,
    Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined),
    headers,
  )
}

for (const format of ['jwt', 'opaque'] as const) {
  test(`an app narrows its own ${format} token: same context, same grant, no refresh token, no ID token`, async () => {
    const world = await createExchange({ accessTokenFormat: format })
    const tokens = await obtainConfidential(world, users.patient)
    const { status, body } = await exchange(world, tokens.access_token)
    assert.equal(status, 200)
    assert.equal(body.issued_token_type, accessToken)
    assert.equal(body.token_type, 'Bearer')
    assert.equal(body.scope, narrow)
    assert.equal(body.patient, 'amara')
    assert.equal('refresh_token' in body || 'id_token' in body, false)
    const told = (await introspect(world, body.access_token)).body
    assert.deepEqual([told.active, told.scope, told.patient], [true, narrow, 'amara'])
    assert.ok(world.events.some((event) => event.kind === 'token' && event.grantType === 'token_exchange'))
  })
}

test('the part of an app that gets less is not told whose token it is by their record, unless its scope says so', async () => {
  const world = await createExchange()
  const { access_token } = await obtainConfidential(world, users.patient)
  assert.equal(claimsOf(access_token).fhirUser, 'Patient/amara')
  const narrowed = (await exchange(world, access_token)).body.access_token
  assert.equal('fhirUser' in claimsOf(narrowed), false)
  const named = (await exchange(world, access_token, { scope: `openid fhirUser ${narrow}` })).body
    .access_token
  assert.equal(claimsOf(named).fhirUser, 'Patient/amara')
})

test('the new token ends no later than the old one', async () => {
  const world = await createExchange()
  const { access_token, expires_in } = await obtainConfidential(world, users.patient)
  world.pass(50 * MINUTE)
  const { body } = await exchange(world, access_token)
  assert.equal(body.expires_in, expires_in - 50 * 60)
  assert.equal(claimsOf(body.access_token).exp, start / 1000 + expires_in)
  world.pass(10 * MINUTE)
  assert.equal(await isGood(world, body.access_token), false)
})

test('the new token dies with the one it came from, and with the grant', async () => {
  const world = await createExchange()
  const first = await obtainConfidential(world, users.patient)
  const narrowed = (await exchange(world, first.access_token)).body.access_token
  assert.equal(await isGood(world, narrowed), true)
  await revoke(world, first.access_token, {}, asConfidential)
  assert.equal(await isGood(world, narrowed), false)
  const second = await obtainConfidential(world, users.patient)
  const other = (await exchange(world, second.access_token)).body.access_token
  await revoke(world, second.refresh_token, {}, asConfidential)
  assert.equal(await isGood(world, other), false)
})

test('the new token can be revoked by itself', async () => {
  const world = await createExchange()
  const { access_token } = await obtainConfidential(world, users.patient)
  const narrowed = (await exchange(world, access_token)).body.access_token
  await revoke(world, narrowed, {}, asConfidential)
  assert.equal(await isGood(world, narrowed), false)
  assert.equal(await isGood(world, access_token), true)
})

test('REG-05: an exchange gives no more than the app is registered for now, whatever its token says', async () => {
  const world = await createExchange()
  const { access_token } = await obtainConfidential(world, users.patient)
  const { scope } = claimsOf(access_token) as { scope: string }
  assert.match(scope, /patient\/Observation\.rs/)
  const reregister = (left: string) => world.clients.change(exchanging.id, (app) => ({ ...app, scope: left }))
  await reregister('openid launch/patient patient/Observation.r')
  const { status, body } = await exchange(world, access_token, { scope: 'openid patient/Observation.rs' })
  assert.equal(status, 200)
  assert.equal(body.scope, 'openid patient/Observation.r')
  assert.equal((await introspect(world, body.access_token)).body.scope, 'openid patient/Observation.r')
  await reregister('openid launch/patient')
  const refused = await exchange(world, access_token, { scope: 'patient/Observation.rs' })
  assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_scope'])
  assert.match(String(refused.body.error_description), /registered/)
})

const wider = [
  'patient/*.rs',
  'patient/Observation.cruds',
  'user/Observation.rs',
  'system/Observation.rs',
  'patient/Observation.rs patient/Condition.rs',
  '__introspect',
  'profile',
  'offline_access',
  'patient/Observation.sr',
  'x '.repeat(20_000),
]
for (const scope of wider) {
  test(`nothing is gained: ${scope.slice(0, 50)}`, async () => {
    const world = await createExchange()
    const { access_token } = await obtainConfidential(world, users.patient)
    const { status, body } = await exchange(world, access_token, { scope })
    assert.equal(status, 400)
    assert.equal(body.error, 'invalid_scope')
  })
}

test('AMB-28: a filter that cannot be enforced is refused', async () => {
  const world = await createExchange()
  const { access_token } = await obtainConfidential(world, users.patient)
  const scope = 'patient/Observation.rs?category=laboratory patient/Observation.rs?foo=bar'
  const { status, body } = await exchange(world, access_token, { scope })
  assert.deepEqual([status, body.error], [400, 'invalid_scope'])
  assert.match(String(body.error_description), /patient\/Observation\.rs\?foo=bar has a filter/)
})

test('a token is narrowed once: what was narrowed is no subject, so nothing grows back', async () => {
  const world = await createExchange()
  const { access_token } = await obtainConfidential(world, users.patient)
  const narrowed = (await exchange(world, access_token)).body.access_token
  for (const scope of [narrow, 'patient/Observation.rs'])
    assert.equal((await exchange(world, narrowed, { scope })).body.error, 'invalid_request')
})

const refused: readonly (readonly [string, string, Record<string, string | undefined>])[] = [
  ['no subject token', 'invalid_request', { subject_token: undefined }],
  ['no type of it', 'invalid_request', { subject_token_type: undefined }],
  ['no scope', 'invalid_request', { scope: undefined }],
  [
    'an ID token as the subject',
    'invalid_request',
    { subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
  ],
  [
    'a refresh token as the subject',
    'invalid_request',
    { subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
  ],
  [
    'a wish for a refresh token',
    'invalid_request',
    { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
  ],
  ['an actor', 'invalid_request', { actor_token: 'x', actor_token_type: accessToken }],
  ['the type of an actor', 'invalid_request', { actor_token_type: accessToken }],
  ['another audience', 'invalid_target', { audience: 'https://evil.example' }],
  ['another resource', 'invalid_target', { resource: 'https://evil.example/fhir' }],
  ['a resource below ours', 'invalid_target', { resource: `${fhirBase}/Patient` }],
]
for (const [what, error, changes] of refused) {
  test(`RFC 8693 §2.2.2: ${what} is ${error}, and nothing is given`, async () => {
    const world = await createExchange()
    const { access_token } = await obtainConfidential(world, users.patient)
    const before = world.events.length
    const { status, body } = await exchange(world, access_token, changes)
    assert.equal(status, 400)
    assert.equal(body.error, error)
    assert.ok(world.events.slice(before).every(({ outcome }) => outcome === 'refused'))
  })
}

test('RFC 8693 §2.1: of several targets each has to be this server', async () => {
  const world = await createExchange()
  const { access_token } = await obtainConfidential(world, users.patient)
  const good = Object.entries({
    grant_type: tokenExchange,
    subject_token: access_token,
    subject_token_type: accessToken,
    scope: narrow,
    resource: fhirBase,
  })
  assert.equal((await ask(world, good, asConfidential)).status, 200)
  const mixed = await ask(world, [...good, ['resource', 'https://evil.example']], asConfidential)
  assert.equal(mixed.body.error, 'invalid_target')
})

test('a foreign token, a refresh token, an ID token and a dead one are no subject', async () => {
  const world = await createExchange()
  const foreign = await obtain(world, users.patient)
  const own = await obtainConfidential(world, users.patient)
  await revoke(world, own.access_token, {}, asConfidential)
  for (const token of [foreign.access_token, own.refresh_token, own.id_token, own.access_token, 'x'])
    assert.equal((await exchange(world, token)).body.error, 'invalid_request')
  assert.equal(await isGood(world, foreign.access_token), true)
})

test('the token of somebody whose account was disabled is no subject', async () => {
  const world = await createExchange()
  const { access_token } = await obtainConfidential(world, users.patient)
  world.deactivate(users.patient)
  assert.equal((await exchange(world, access_token)).body.error, 'invalid_request')
})

test('a public app exchanges nothing, registered for it or not', async () => {
  const open: Client = { ...publicApp, grantTypes: [...publicApp.grantTypes, tokenExchange] }
  const world = await createWorld({ clients: [open] })
  const { access_token } = await obtain(world, users.patient)
  const { body } = await exchange(world, access_token, { client_id: publicApp.id }, {})
  assert.equal(body.error, 'unauthorized_client')
})

test('an app that is not registered for it is refused, and so is one that does not authenticate', async () => {
  const world = await createWorld()
  const { access_token } = await obtainConfidential(world, users.patient)
  assert.equal((await exchange(world, access_token)).body.error, 'unauthorized_client')
  assert.equal(
    (await exchange(world, access_token, {}, basic('confidential-app', `${secret}x`))).body.error,
    'invalid_client',
  )
})
