/** Who may ask about every app's tokens by an access token of their own. INTR-12, INTR-13, AMB-46. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askWith, assertionOf, backendOf, keyPair } from './backend.ts'
import { asResourceServer, introspect, obtainConfidential, revoke } from './tokens.ts'
import { obtain } from './visit.ts'
import { createWorld, publicApp, resourceServer, users } from './world.ts'

test('INTR-12, INTR-13, AMB-46: an access token with the scope __introspect asks about any app’s tokens', async () => {
  const world = await createWorld()
  const own = await obtainConfidential(world, users.doctor, {
    client_id: resourceServer.id,
    scope: 'openid __introspect',
  })
  assert.match(own.scope, /__introspect/)
  const bearer = { authorization: `Bearer ${own.access_token}` }
  const { access_token } = await obtain(world, users.patient)
  assert.equal((await introspect(world, access_token, bearer)).body.client_id, publicApp.id)
  await revoke(world, own.access_token, {}, asResourceServer)
  assert.equal((await introspect(world, access_token, bearer)).status, 401)
})

test('INTR-12, INTR-13: a token of the client credentials grant with the scope asks as well, and one without it does not', async () => {
  const pair = await keyPair('ES384')
  const archive = { id: 'archive', resourceServer: true, scope: '__introspect system/Patient.rs' }
  const world = await createWorld({ clients: [await backendOf([pair], archive), publicApp] })
  const { access_token } = await obtain(world, users.patient)
  const asks = async (scope: string) => {
    const own = await assertionOf(world, pair, { claims: { iss: archive.id, sub: archive.id } })
    const { body } = await askWith(world, own, { scope })
    return introspect(world, access_token, { authorization: `Bearer ${body.access_token}` })
  }
  const { active, client_id, patient } = (await asks('__introspect')).body
  assert.deepEqual([active, client_id, patient], [true, publicApp.id, 'amara'])
  const refused = await asks('system/Patient.rs')
  assert.deepEqual([refused.status, refused.body.error], [403, 'insufficient_scope'])
})

test('INTR-12: an access token without the scope is not enough', async () => {
  const world = await createWorld()
  const { access_token } = await obtainConfidential(world, users.patient, {
    client_id: resourceServer.id,
    scope: 'openid launch/patient patient/*.rs',
  })
  const refused = await introspect(world, access_token, { authorization: `Bearer ${access_token}` })
  assert.equal(refused.status, 403)
  assert.equal(refused.body.error, 'insufficient_scope')
  assert.match(refused.headers['www-authenticate'] ?? '', /^Bearer .*error="insufficient_scope"/)
})

test('INTR-12: the scope __introspect is granted to nobody but a resource server, whatever an app registered', async () => {
  const greedy = { ...publicApp, scope: `${publicApp.scope} __introspect` }
  const world = await createWorld({ clients: [greedy] })
  const tokens = await obtain(world, users.patient, { scope: 'openid __introspect' })
  assert.equal(tokens.scope, 'openid')
})

test('INTR-12: a resource server that was one no longer asks about others', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  await world.clients.change(resourceServer.id, () => ({ ...resourceServer, resourceServer: false }))
  assert.deepEqual((await introspect(world, access_token)).body, { active: false })
})
