/** Scopes that are none, or that can never be granted, in what apps say of themselves when they register. RFC 7591 §2, §3.2.1; REG-05, BKND-10. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyPair } from './backend.ts'
import { registered } from './waiting.ts'
import { createWorld, type World } from './world.ts'

const interactive = {
  client_name: 'Growth charts',
  redirect_uris: ['https://charts.example/cb'],
  token_endpoint_auth_method: 'none',
}

async function backend(scope: string): Promise<object> {
  const { jwk } = await keyPair('ES384')
  return {
    client_name: 'Nightly export',
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [jwk] },
    scope,
  }
}

async function register(world: World, metadata: object) {
  const { status, body } = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metadata),
  })
  return { status, body: JSON.parse(body) as Record<string, unknown> }
}

test('REG-05: what is no scope here is not registered, and the answer shows what is', async () => {
  const world = await createWorld({ openRegistration: true })
  const scope = 'openid email patient/Observations.rs patient/Observation.sr patient/Observation.rs'
  const { status, body } = await register(world, { ...interactive, scope })
  assert.equal(status, 201)
  assert.equal(body.scope, 'openid patient/Observation.rs')
  assert.equal((await world.clients.find(String(body.client_id)))?.scope, 'openid patient/Observation.rs')
  const { own, put } = await registered(world, { ...interactive, scope: 'openid' })
  assert.equal((await put({ ...interactive, scope })).body.scope, 'openid patient/Observation.rs')
  assert.equal((await own('GET')).body.scope, 'openid patient/Observation.rs')
})

test('an app of which no scope is left is not registered', async () => {
  const world = await createWorld({ openRegistration: true })
  const { status, body } = await register(world, { ...interactive, scope: 'email patient/Observations.rs' })
  assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'])
  assert.match(String(body.error_description), /^scope: names no scope that is known here/)
})

for (const scope of ['patient/*.rs', 'user/Observation.rs openid', 'launch offline_access'])
  test(`BKND-10: a service without people cannot register for ${scope} alone, of which it could never be given anything`, async () => {
    const world = await createWorld({ openRegistration: true })
    const before = (await world.clients.list()).length
    const { status, body } = await register(world, await backend(scope))
    assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'])
    assert.match(String(body.error_description), /^scope: has to name a system\/ scope.*others need a user/)
    assert.equal((await world.clients.list()).length, before)
  })

test('beside scopes of its own a service may name others', async () => {
  const world = await createWorld({ openRegistration: true })
  assert.equal((await register(world, await backend('patient/*.rs system/*.rs'))).status, 201)
  assert.equal((await register(world, await backend('ehr.launch'))).status, 201)
})
