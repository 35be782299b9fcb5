/** For whom a software statement was made, and what is said of one that is not believed. RFC 7519 §4.1.3, RFC 7591 §2.3, §3.2.2. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { baseUrl, createWorld, HOUR, SECOND, start } from './world.ts'

const issuer = 'https://federation.example'
const pair = await generateKeyPair('ES256')
const other = await generateKeyPair('ES256')

async function registerWith(more: Record<string, unknown>, { privateKey } = pair) {
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }
  const approves = { scope: 'openid patient/*.rs', backend: false }
  const world = await createWorld({
    clients: [],
    registration: { statementIssuers: [{ issuer, jwks: { keys: [jwk] }, approves }] },
  })
  const claims = {
    iss: issuer,
    client_name: 'Certified App',
    redirect_uris: ['https://new.example/cb'],
    scope: 'openid patient/*.rs',
    ...more,
  }
  const reply = await world.app.inject({
    method: 'POST',
    url: '/oauth/register',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      software_statement: await new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
        .sign(privateKey),
    }),
  })
  return { status: reply.status, body: JSON.parse(reply.body), kept: await world.clients.list() }
}

const good = [undefined, baseUrl, `${baseUrl}/oauth/register`, ['https://other.example', baseUrl]]
for (const aud of good)
  test(`RFC 7519 §4.1.3: a statement for ${JSON.stringify(aud) ?? 'everybody'} is for this server`, async () => {
    const { status, body } = await registerWith({ aud })
    assert.deepEqual([status, body.registration_status], [201, 'approved'])
  })

const foreign = ['https://other.example', `${baseUrl}.other.example`, [], ['https://other.example'], '']
for (const aud of foreign)
  test(`RFC 7519 §4.1.3: a statement for ${JSON.stringify(aud)} is not for this server, and nothing is stored`, async () => {
    const { status, body, kept } = await registerWith({ aud })
    assert.deepEqual([status, body.error, kept], [400, 'invalid_software_statement', []])
    assert.match(body.error_description, /aud .* http:\/\/localhost:8080/)
  })

const corrections = [
  ['over', { exp: (start - HOUR) / SECOND }, pair, /exp is over/],
  ['not yet good', { nbf: (start + HOUR) / SECOND }, pair, /nbf is in the future/],
  ['by another key', {}, other, /not signed with a key of its issuer/],
] as const
for (const [what, more, signer, text] of corrections)
  test(`RFC 7591 §3.2.2: of a statement that is ${what} the app reads so`, async () => {
    const { body } = await registerWith(more, signer)
    assert.equal(body.error, 'invalid_software_statement')
    assert.match(body.error_description, text)
  })
