/**
 * What somebody has in hand while something is taken from them: a running authorization, a code, a grant. What an app is
 * registered for, and what a person may, counts when something is given, not when it was asked for. REG-05, RFC-01, DISC-27.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { Browser, redeem } from './visit.ts'
import { callback, createWorld, publicApp, users, type World } from './world.ts'

const elsewhere = 'https://app.example/new'

function reregister(world: World, changes: Partial<Client>, { id } = publicApp) {
  return world.clients.change(id, (app) => ({ ...app, ...changes }))
}

for (const [act, fields] of [
  ['allowed', [['decision', 'allow']]],
  ['declined', [['decision', 'deny']]],
] as const)
  test(`RFC-01: an address that the app gave up while the person was at our page gets nothing when it is ${act}`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open()
    await reregister(world, { redirectUris: [elsewhere] })
    const scopes = page.values('scope').map((scope) => ['scope', scope] as const)
    const { reply } = await page.send([...scopes, ...fields])
    assert.equal(reply.status, 400)
    assert.equal(reply.headers.location, undefined)
    assert.match(reply.body, /redirect_uri is not one that this app registered/)
    assert.equal((await page.browser.visit(page.url)).reply.headers.location, undefined)
  })

test('RFC-01: nor does it get the error of a request that may not ask', async () => {
  const world = await createWorld()
  const browser = new Browser(world)
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: publicApp.id,
    redirect_uri: callback,
    scope: 'launch/patient patient/Observation.rs',
    aud: 'http://localhost:8080/fhir',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    prompt: 'none',
  })
  const { headers } = await browser.get(`/oauth/authorize?${parameters}`)
  await reregister(world, { redirectUris: [elsewhere] })
  const { reply } = await browser.visit(headers.location ?? '')
  assert.deepEqual([reply.status, reply.headers.location], [400, undefined])
})

test('REG-05: what an app is no longer registered for is not on offer, and not given by a page from before', async () => {
  const world = await createWorld()
  const scope = 'openid launch/patient patient/Observation.rs patient/Condition.rs'
  const page = await new Browser(world, users.patient).open({ scope })
  await reregister(world, { scope: 'openid launch/patient patient/Observation.rs' })
  assert.equal((await page.allow()).code, '')
  const again = await page.browser.visit(page.url)
  assert.ok(!again.values('scope').includes('patient/Condition.rs'))
  const { body } = await redeem(world, (await again.allow()).code)
  assert.equal(body.scope, 'openid launch/patient patient/Observation.rs')
})

test('REG-05: a code gives no more than the app is registered for when it is redeemed', async () => {
  const world = await createWorld()
  const scope = 'openid fhirUser launch/patient patient/Observation.rs patient/Condition.rs'
  const open = async () => (await (await new Browser(world, users.patient).open({ scope })).allow()).code
  const [narrowed, emptied] = [await open(), await open()]
  await reregister(world, { scope: 'openid launch/patient patient/Observation.r' })
  const { body } = await redeem(world, narrowed)
  assert.equal(body.scope, 'openid launch/patient patient/Observation.r')
  const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1] ?? '', 'base64url').toString())
  assert.equal(claims.fhirUser, undefined)
  await reregister(world, { scope: 'user/Patient.r' })
  assert.equal((await redeem(world, emptied)).body.error, 'invalid_grant')
})

test('a record that the person may not open any more is not given by a page from before', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.doctor).open({ scope: 'launch/patient patient/Observation.rs' })
  const consent = await page.send([['patient', 'lucia']])
  world.shut('lucia')
  assert.equal((await consent.allow()).answer.get('error'), 'access_denied')
})
