/** What an app has to say of itself before it may ask for anything. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CryptoKey } from 'jose'
import { askWith, assertionOf, keyPair } from '../../attacks/authorization/backend.ts'
import { Browser } from '../../attacks/authorization/visit.ts'
import {
  baseUrl,
  callback,
  createWorld,
  publicApp,
  users,
  type World,
} from '../../attacks/authorization/world.ts'

const metadata = {
  client_name: 'Growth Charts',
  redirect_uris: ['https://growth.example/cb'],
  scope: 'openid patient/*.rs',
}

async function register(world: World, changes: object = {}) {
  const body = JSON.stringify({ ...metadata, ...changes })
  const reply = await world.app.inject({
    url: '/oauth/register',
    body,
    headers: { 'content-type': 'application/json' },
  })
  return { status: reply.status, told: JSON.parse(reply.body) as Record<string, unknown> }
}

test('REG-05, REG-06, SEED-67, SEED-69, SEED-70: dynamic registration confirms what was registered, with an id of its own', async () => {
  const world = await createWorld({ openRegistration: true })
  const [first, second] = [await register(world), await register(world)]
  assert.equal(first.status, 201)
  assert.notEqual(first.told.client_id, second.told.client_id)
  assert.equal(first.told.client_name, metadata.client_name)
  assert.deepEqual(first.told.redirect_uris, metadata.redirect_uris)
})

test('REG-05: everything that counts is confirmed, as it was sent, and told again to the app that asks', async () => {
  const world = await createWorld({ openRegistration: true })
  const sent = {
    ...metadata,
    redirect_uris: ['https://growth.example/cb?site=north%20wing', 'http://127.0.0.1/cb'],
    initiate_login_uri: 'https://growth.example/launch?site=north%20wing',
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'ES384',
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'launch openid fhirUser patient/Observation.rs?category=laboratory offline_access',
    jwks: { keys: [(await keyPair('ES384')).jwk] },
    logo_uri: 'https://growth.example/logo.png',
    contacts: ['care@growth.example'],
  }
  const { status, told } = await register(world, sent)
  assert.equal(status, 201)
  assert.match(String(told.client_id), /^.{8,}$/)
  const again = await world.app.inject({
    url: String(told.registration_client_uri).slice(baseUrl.length),
    headers: { authorization: `Bearer ${told.registration_access_token}` },
  })
  for (const answer of [told, JSON.parse(again.body)])
    for (const [member, value] of Object.entries(sent)) assert.deepEqual(answer[member], value, member)
  assert.equal(JSON.parse(again.body).client_id, told.client_id)
})

test('REG-05: what was not said is confirmed as it was taken', async () => {
  const world = await createWorld({ openRegistration: true })
  const { told } = await register(world, { scope: undefined })
  assert.equal(told.token_endpoint_auth_method, 'client_secret_basic')
  assert.deepEqual(told.grant_types, ['authorization_code', 'refresh_token'])
  assert.deepEqual(told.response_types, ['code'])
  assert.match(String(told.scope), /patient\//)
  assert.equal((await world.clients.find(String(told.client_id)))?.scope, told.scope)
})

test('REG-07, RFC-01: an app whose addresses are not on record is not launched, and its users are not sent there', async () => {
  const world = await createWorld()
  for (const changes of [
    { client_id: 'unheard-of' },
    { redirect_uri: 'https://evil.example/cb' },
    { redirect_uri: `${callback}/more` },
    { redirect_uri: `${callback}?more=1` },
    { redirect_uri: callback.slice(0, -1) },
    { redirect_uri: new URL(callback).origin },
    { redirect_uri: undefined },
  ]) {
    const { reply } = await new Browser(world, users.patient).open(changes)
    assert.equal(reply.status, 400)
    assert.equal(reply.headers.location, undefined)
    assert.match(reply.headers['content-type'] ?? '', /^text\/html/)
  }
})

test('RFC-02, SEED-51: a redirect URI is the registered one, character by character', async () => {
  const world = await createWorld()
  for (const uri of [
    `${callback}/`,
    `${callback}?x=1`,
    `${callback}#x`,
    callback.toUpperCase(),
    callback.replace('https', 'HTTPS'),
    callback.replace('app.example', 'app.example:443'),
    callback.replace('/callback', '/./callback'),
    callback.replace('callback', '%63allback'),
    ` ${callback}`,
  ]) {
    const { reply } = await new Browser(world, users.patient).open({ redirect_uri: uri })
    assert.deepEqual([reply.status, reply.headers.location], [400, undefined], uri)
  }
  const { reply } = await new Browser(world, users.patient).open({ redirect_uri: callback })
  assert.equal(reply.status, 200)
})

test('REG-04: an app that authenticates by keys registers them, or their address, and is given no secret', async () => {
  const world = await createWorld({ openRegistration: true })
  const pair = await keyPair('ES384')
  const method = { token_endpoint_auth_method: 'private_key_jwt' }
  const keys = { jwks: { keys: [pair.jwk] } }
  const address = { jwks_uri: 'https://growth.example/keys' }
  for (const given of [keys, address]) {
    const { status, told } = await register(world, { ...method, ...given })
    assert.equal(status, 201, JSON.stringify(told))
    assert.equal('client_secret' in told, false)
    const { jwks, jwksUri } = (await world.clients.find(String(told.client_id))) ?? {}
    assert.deepEqual([jwks, jwksUri], [told.jwks, told.jwks_uri])
  }
  for (const given of [{}, { ...keys, ...address }, { jwks: { keys: [] } }, { jwks_uri: 'growth.example' }]) {
    const { status, told } = await register(world, { ...method, ...given })
    assert.deepEqual([status, told.error], [400, 'invalid_client_metadata'])
    assert.match(String(told.error_description), /^jwks/)
  }
})

test('REG-04: the keys that were registered are those that the app is known by', async () => {
  const world = await createWorld({ openRegistration: true })
  const [pair, other] = [await keyPair('ES384'), await keyPair('ES384', 'other')]
  const { told } = await register(world, {
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    scope: 'system/Patient.rs',
    jwks: { keys: [pair.jwk] },
  })
  const ask = async (key: CryptoKey) => {
    const claims = { iss: told.client_id, sub: told.client_id }
    return (await askWith(world, await assertionOf(world, pair, { claims, key }))).body
  }
  assert.equal((await ask(other.privateKey)).error, 'invalid_client')
  assert.equal((await ask(pair.privateKey)).scope, 'system/Patient.rs')
})

test('REG-04, SEED-68: only an app that can keep a secret is given one', async () => {
  const world = await createWorld({ openRegistration: true })
  const secret = async (method: string) =>
    (await register(world, { token_endpoint_auth_method: method })).told.client_secret
  assert.equal(await secret('none'), undefined)
  for (const method of ['client_secret_basic', 'client_secret_post'])
    assert.match(String(await secret(method)), /^.{43,}$/)
  assert.ok(publicApp.redirectUris.length > 0)
})
