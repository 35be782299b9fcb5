/** What stands in a token response, and in what form. TOK-11 to TOK-29; RFC 6749 §5.1, RFC 6750 §2.1. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { Browser, obtain, redeem } from './visit.ts'
import { callback, createWorld, publicApp, users } from './world.ts'

/** RFC 6750 §2.1 */
const bearerCharacters = /^[A-Za-z0-9\-._~+/]+=*$/

test('TOK-11, TOK-12, TOK-13, TOK-14, TOK-16, TOK-21, TOK-22: a success is one JSON object, with its headers', async () => {
  const world = await createWorld()
  const page = await (await new Browser(world, users.patient).open()).allow()
  const { status, headers, body } = await redeem(world, page.code)
  assert.equal(status, 200)
  assert.match(headers['content-type'] ?? '', /^application\/json/)
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers.pragma, 'no-cache')
  assert.equal(typeof body.access_token, 'string')
  assert.equal(body.token_type, 'Bearer')
  assert.equal(Number.isInteger(body.expires_in), true)
  assert.equal(typeof body.scope, 'string')
  assert.equal(body.patient, 'amara', 'the context stands beside it')
  assert.equal(headers.location, undefined)
})

test('TOK-11: what is denied is told in JSON too, with no token', async () => {
  const { status, body } = await redeem(await createWorld(), 'guess')
  assert.deepEqual([status, body.error, 'access_token' in body], [400, 'invalid_grant', false])
})

test('TOK-17: what the person did not allow is not in the scope that is told', async () => {
  const world = await createWorld()
  const scope = 'launch/patient patient/Observation.rs patient/Condition.rs'
  const page = await new Browser(world, users.patient).open({ scope })
  const kept = page.values('scope').filter((one) => !one.includes('Condition'))
  const { body } = await redeem(world, (await page.allow(kept)).code)
  assert.match(body.scope, /patient\/Observation\.rs/)
  assert.doesNotMatch(body.scope, /Condition/)
})

test('TOK-19: an ID token comes with openid, and without it none', async () => {
  const world = await createWorld()
  const scope = 'launch/patient patient/Observation.rs'
  assert.equal('id_token' in (await obtain(world, users.patient, { scope })), false)
  const { id_token } = await obtain(world, users.patient, { scope: `openid ${scope}` })
  assert.equal(id_token.split('.').length, 3)
})

const opaque: Client = { ...publicApp, accessTokenFormat: 'opaque' }

test('TOK-23: the characters of a token are those of the header that carries it', async () => {
  for (const client of [publicApp, opaque]) {
    const { access_token, refresh_token } = await obtain(
      await createWorld({ clients: [client] }),
      users.patient,
    )
    assert.match(access_token, bearerCharacters)
    assert.match(refresh_token, bearerCharacters)
  }
})

test('TOK-28: a token that says nothing is short, however much it stands for', async () => {
  const types = ['Observation', 'Condition', 'Encounter', 'Procedure', 'Immunization', 'MedicationRequest']
  const scope = [
    'launch/patient',
    ...types.flatMap((type) => [`patient/${type}.rs`, `patient/${type}.c`]),
  ].join(' ')
  const long = await obtain(await createWorld({ clients: [opaque] }), users.patient, { scope })
  assert.ok(long.scope.length > 200)
  assert.ok(long.access_token.length < 64)
})

test('CAUTH-21: the server names the app when it registers, and by that name the app asks', async () => {
  const world = await createWorld({ openRegistration: true })
  const about = {
    client_id: 'mine',
    redirect_uris: [callback],
    token_endpoint_auth_method: 'none',
    scope: publicApp.scope,
  }
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(about),
  })
  const client_id = String(JSON.parse(reply.body).client_id)
  assert.notEqual(client_id, 'mine')
  const page = await (await new Browser(world, users.patient).open({ client_id })).allow()
  assert.equal((await redeem(world, page.code, { client_id: 'mine' })).body.error, 'invalid_client')
  assert.equal((await redeem(world, page.code, { client_id })).status, 200)
})
