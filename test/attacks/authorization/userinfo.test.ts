/** Who the user is: told to whom the user allowed it. CTX-51, CTX-39 to CTX-45; OIDC Core §5.3, RFC 6750. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { tokenExchange } from '../../../src/authorization/client.ts'
import { asConfidential, obtainConfidential, revoke } from './tokens.ts'
import { ask, claimsOf, obtain } from './visit.ts'
import { baseUrl, confidentialApp, createWorld, fhirBase, publicApp, start, users } from './world.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const url = '/oauth/userinfo'

test('CTX-51: by GET and by POST, in the header or the form, the same as the ID token says', async () => {
  const world = await createWorld()
  const { access_token, id_token } = await obtain(world, users.patient, { scope: 'openid fhirUser profile' })
  const replies = [
    await world.app.inject({ url, headers: bearer(access_token) }),
    await world.app.inject({ method: 'POST', url, headers: bearer(access_token) }),
    await world.app.inject({ method: 'POST', url, form: { access_token } }),
  ]
  const { sub, name, fhirUser, profile } = claimsOf(id_token)
  for (const reply of replies) {
    assert.equal(reply.status, 200)
    assert.match(reply.headers['content-type'] ?? '', /^application\/json/)
    assert.equal(reply.headers['cache-control'], 'no-store')
    assert.deepEqual(JSON.parse(reply.body), { sub, name, fhirUser, profile })
  }
  assert.equal(fhirUser, `${fhirBase}/Patient/amara`)
})

test('of somebody whose account was disabled nothing is told', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient, { scope: 'openid fhirUser' })
  world.deactivate(users.patient)
  const reply = await world.app.inject({ url, headers: bearer(access_token) })
  assert.equal(reply.status, 401)
  assert.equal(JSON.parse(reply.body).error, 'invalid_token')
})

test('CTX-40: with openid alone nobody is named', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient, { scope: 'openid' })
  const reply = await world.app.inject({ url, headers: bearer(access_token) })
  assert.deepEqual(JSON.parse(reply.body), { sub: users.patient.id })
})

test('a token that was narrowed tells no more than it has', async () => {
  const world = await createWorld({
    clients: [{ ...confidentialApp, grantTypes: ['authorization_code', 'refresh_token', tokenExchange] }],
  })
  const tokens = await obtainConfidential(world, users.patient)
  const narrowed = async (scope: string) => {
    const form = {
      grant_type: tokenExchange,
      subject_token: tokens.access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      scope,
    }
    const { body } = await ask(world, form, asConfidential)
    return world.app.inject({ url, headers: bearer(body.access_token) })
  }
  assert.deepEqual(JSON.parse((await narrowed('openid')).body), { sub: users.patient.id })
  const none = await narrowed('patient/Observation.rs')
  assert.equal(none.status, 403)
  assert.match(none.headers['www-authenticate'] ?? '', /error="insufficient_scope".*scope="openid"/)
})

test('RFC 6750 §3.1: without a token a challenge without an error', async () => {
  const world = await createWorld()
  const reply = await world.app.inject({ url })
  assert.equal(reply.status, 401)
  assert.equal(reply.headers['www-authenticate'], 'Bearer realm="userinfo"')
})

test('RFC 6750 §3.1: dead, foreign and malformed tokens, and tokens that came twice', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const send = (headers: Record<string, string>, form?: Record<string, string>) =>
    world.app.inject({ method: 'POST', url, headers, ...(form && { form }) })
  for (const token of ['x', tokens.id_token, tokens.refresh_token, `${tokens.access_token}x`]) {
    const reply = await send(bearer(token))
    assert.equal(reply.status, 401)
    assert.match(reply.headers['www-authenticate'] ?? '', /error="invalid_token"/)
  }
  const twice = await send(bearer(tokens.access_token), { access_token: tokens.access_token })
  assert.equal(twice.status, 400)
  const form = [tokens.access_token, tokens.access_token].map((one) => ['access_token', one] as const)
  assert.equal((await world.app.inject({ method: 'POST', url, form })).status, 400)
  assert.equal((await send({ authorization: 'Basic eDp5' })).status, 400)
  assert.equal((await send({ authorization: 'Bearer' })).status, 400)
  await revoke(world, tokens.access_token)
  assert.equal((await send(bearer(tokens.access_token))).status, 401)
})

test('RFC-18: a token in the address is no token', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  assert.equal((await world.app.inject({ url: `${url}?access_token=${access_token}` })).status, 401)
})

test('OIDC Core §5.3.2: signed for an app that registered so, and no ID token', async () => {
  const world = await createWorld({ clients: [{ ...publicApp, userinfoSignedResponseAlg: 'RS256' }] })
  const { access_token } = await obtain(world, users.patient)
  const reply = await world.app.inject({ url, headers: bearer(access_token) })
  assert.equal(reply.headers['content-type'], 'application/jwt')
  const jwks = createLocalJWKSet(JSON.parse((await world.app.inject({ url: '/oauth/jwks' })).body))
  const { payload, protectedHeader } = await jwtVerify(reply.body, jwks, {
    issuer: baseUrl,
    audience: publicApp.id,
    currentDate: new Date(start),
  })
  assert.equal(payload.sub, users.patient.id)
  assert.equal(protectedHeader.typ, 'userinfo+jwt')
})

test('CORS-02: a page of a registered app may read it', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  const from = async (origin: string) =>
    (await world.app.inject({ url, headers: { ...bearer(access_token), origin } })).headers[
      'access-control-allow-origin'
    ]
  assert.equal(await from('https://app.example'), 'https://app.example')
  assert.equal(await from('https://evil.example'), undefined)
})
