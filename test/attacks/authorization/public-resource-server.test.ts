/** An app that may ask about every app’s tokens, and proves itself no more: what only an app that authenticates can be trusted with goes. INTR-11 to INTR-13, D.2. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { everyRecord } from '../../../src/authorization/registration/approval.ts'
import { metadataOf } from '../../../src/authorization/registration/metadata-members.ts'
import { parseMetadata } from '../../../src/authorization/registration/parse-metadata.ts'
import { introspect, obtainConfidential } from './tokens.ts'
import { Browser, obtain, redeem } from './visit.ts'
import { createWorld, MINUTE, publicApp, resourceServer, users, type World } from './world.ts'

const trusted: Client = { ...resourceServer, smart1: true, preApproved: true }
const admin = { user: 'u-admin' }
const made = { redirect_uris: ['https://new.example/cb'], scope: 'openid __introspect patient/*.rs' }

function edited(world: World, change: object) {
  const metadata = parseMetadata({ ...metadataOf(trusted), ...change })
  return world.authorization.registry.edit(trusted.id, metadata, admin)
}

test('INTR-12: a resource server that an administrator makes public asks about others no more, and needs PKCE', async () => {
  const world = await createWorld({ clients: [trusted] })
  await edited(world, { token_endpoint_auth_method: 'none' })
  const client = await world.clients.find(trusted.id)
  assert.deepEqual(
    [client?.resourceServer, client?.smart1, client?.preApproved],
    [undefined, undefined, true],
  )
  // What is confidential again has to be trusted again.
  await edited(world, { token_endpoint_auth_method: 'client_secret_basic' })
  assert.equal((await world.clients.find(trusted.id))?.resourceServer, undefined)
})

test('INTR-12: nobody trusts a public app with what only one that authenticates may do', async () => {
  const world = await createWorld({ clients: [publicApp] })
  for (const trust of ['resourceServer', 'smart1'] as const) {
    assert.equal(await world.authorization.registry.setTrust(publicApp.id, trust, true, admin), undefined)
    assert.equal((await world.clients.find(publicApp.id))?.[trust], undefined)
  }
})

test('an administrator’s edit that leaves the app confidential leaves it trusted', async () => {
  const world = await createWorld({ clients: [trusted] })
  await edited(world, { client_name: 'Archive', token_endpoint_auth_method: 'client_secret_post' })
  const { name, resourceServer, smart1 } = (await world.clients.find(trusted.id)) ?? assert.fail()
  assert.deepEqual([name, resourceServer, smart1], ['Archive', true, true])
})

test('INTR-12: a resource server that makes itself public is one no longer', async () => {
  const world = await createWorld({ openRegistration: true })
  const headers = { 'content-type': 'application/json' }
  const reply = await world.app.inject({
    url: '/oauth/register',
    headers,
    body: JSON.stringify(made),
  })
  const { client_id, registration_access_token } = JSON.parse(reply.body)
  for (const trust of ['resourceServer', 'smart1'] as const)
    assert.ok(await world.authorization.registry.setTrust(client_id, trust, true, admin))
  const changed = await world.app.inject({
    method: 'PUT',
    url: `/oauth/register/${client_id}`,
    headers: { ...headers, authorization: `Bearer ${registration_access_token}` },
    body: JSON.stringify({ ...made, client_id, token_endpoint_auth_method: 'none' }),
  })
  assert.equal(changed.status, 200)
  const client = await world.clients.find(client_id)
  assert.deepEqual([client?.resourceServer, client?.smart1], [undefined, undefined])
})

test('INTR-12: a resource server whose document makes it public is one no longer', async () => {
  const id = 'https://apps.example/client.json'
  let said: object = {
    client_id: id,
    redirect_uris: ['https://apps.example/cb'],
    scope: 'openid __introspect',
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: 'https://apps.example/jwks.json',
  }
  const world = await createWorld({
    documents: { open: everyRecord, trust: [], trustedScope: '' },
    outbound: {
      get: async () => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(said),
      }),
    },
  })
  const url = `/oauth/authorize?${new URLSearchParams({ client_id: id })}`
  await world.app.inject({ url })
  assert.ok(await world.authorization.registry.setTrust(id, 'resourceServer', true, admin))
  said = { ...said, token_endpoint_auth_method: 'none' }
  world.pass(2 * MINUTE)
  await world.app.inject({ url })
  const client = await world.clients.find(id)
  assert.deepEqual([client?.authMethod, client?.resourceServer], ['none', undefined])
})

test('INTR-11: a token of a public app asks about no other, whatever is on record of the app from before', async () => {
  const world = await createWorld()
  const own = await obtainConfidential(world, users.doctor, {
    client_id: resourceServer.id,
    scope: 'openid __introspect',
  })
  const { access_token } = await obtain(world, users.patient)
  const bearer = { authorization: `Bearer ${own.access_token}` }
  assert.equal((await introspect(world, access_token, bearer)).body.active, true)
  const { secrets: _, ...rest } = resourceServer
  await world.clients.change(resourceServer.id, () => ({ ...rest, authMethod: 'none' }))
  const refused = await introspect(world, access_token, bearer)
  assert.deepEqual([refused.status, refused.body.error], [403, 'insufficient_scope'])
  const asked = { client_id: resourceServer.id, scope: 'openid __introspect' }
  const { code } = await (await new Browser(world, users.doctor).open(asked)).allow()
  const again = await redeem(world, String(code), { client_id: resourceServer.id })
  assert.equal(again.body.scope, 'openid')
})
