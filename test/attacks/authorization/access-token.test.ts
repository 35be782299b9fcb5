/** Forged and misused access tokens: every one is nothing. RSRC-02, RSRC-04, TOK-15, TOK-27; RFC 8725. */
import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { test } from 'node:test'
import { loadKeys } from '../../../src/authorization/keys.ts'
import { claimsOf, obtain } from './visit.ts'
import { createWorld, fhirBase, start, users, type World } from './world.ts'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

async function made(world: World) {
  const tokens = await obtain(world, users.patient)
  const keys = await loadKeys(world.keys, start)
  const { ES256, RS256 } = keys.signing
  const forge = (header: object, claims: object, key: KeyObject = ES256.privateKey) => {
    const input = `${encode({ alg: 'ES256', typ: 'at+jwt', kid: ES256.kid, ...header })}.${encode({ ...claimsOf(tokens.access_token), ...claims })}`
    return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  return { tokens, es: ES256, rs: RS256, forge }
}

type Made = Awaited<ReturnType<typeof made>>

const forgeries: readonly (readonly [string, (m: Made) => string])[] = [
  [
    'no algorithm and no signature',
    ({ tokens }) => `${encode({ alg: 'none', typ: 'at+jwt' })}.${tokens.access_token.split('.')[1]}.`,
  ],
  [
    'no algorithm but the signature',
    ({ tokens }) =>
      [encode({ alg: 'none', typ: 'at+jwt' }), ...tokens.access_token.split('.').slice(1)].join('.'),
  ],
  [
    'HS256 with the public key as the secret',
    ({ es, tokens }) => hmac(es.kid, tokens, es.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
  ],
  ['HS256 with an empty secret', ({ es, tokens }) => hmac(es.kid, tokens, '')],
  ['RS256 by our own RSA key', ({ forge, rs }) => forge({ alg: 'RS256', kid: rs.kid }, {}, rs.privateKey)],
  ['ES256 in words, RSA in deed', ({ forge, rs }) => forge({ kid: rs.kid }, {}, rs.privateKey)],
  ['our ES256 signature under the name of another', ({ forge }) => forge({ alg: 'HS256' }, {})],
  ['our ES256 signature under no name', ({ forge }) => forge({ alg: 'none' }, {})],
  ['an ID token', ({ tokens }) => tokens.id_token],
  ['another type', ({ forge }) => forge({ typ: 'JWT' }, {})],
  ['an unknown key', ({ forge }) => forge({ kid: 'x' }, {})],
  ['no key', ({ forge }) => forge({ kid: undefined }, {})],
  [
    'a key of the attacker',
    ({ forge }) => forge({}, {}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  ],
  ['another issuer', ({ forge }) => forge({}, { iss: 'https://evil.example' })],
  ['another audience', ({ forge }) => forge({}, { aud: 'https://evil.example/fhir' })],
  ['two audiences', ({ forge }) => forge({}, { aud: [fhirBase, 'https://evil.example'] })],
  ['no expiry', ({ forge }) => forge({}, { exp: undefined })],
  ['an expiry in words', ({ forge }) => forge({}, { exp: '9999999999' })],
  ['an expiry in the past', ({ forge }) => forge({}, { exp: start / 1000 })],
  ['a grant that is not', ({ forge }) => forge({}, { grant: 'grant_none' })],
  ['no grant', ({ forge }) => forge({}, { grant: undefined })],
  ['a grant that is no text', ({ forge }) => forge({}, { grant: ['x'] })],
  ['no scope', ({ forge }) => forge({}, { scope: undefined })],
  ['no subject', ({ forge }) => forge({}, { sub: undefined })],
  ['no app', ({ forge }) => forge({}, { client_id: undefined })],
  ['a changed claim', ({ tokens }) => swapClaims(tokens.access_token, { patient: 'diego' })],
  [
    'a signature of zeros',
    ({ tokens }) =>
      `${tokens.access_token.split('.').slice(0, 2).join('.')}.${Buffer.alloc(64).toString('base64url')}`,
  ],
  ['an empty signature', ({ tokens }) => `${tokens.access_token.split('.').slice(0, 2).join('.')}.`],
  ['another spelling of its signature', ({ tokens }) => `${tokens.access_token}=`],
  ['a fourth part', ({ tokens }) => `${tokens.access_token}.x`],
  ['a space', ({ tokens }) => `${tokens.access_token} `],
  ['nothing', () => ''],
  ['dots', () => '..'],
  [
    'null for header and claims',
    () => `${Buffer.from('null').toString('base64url')}.${Buffer.from('null').toString('base64url')}.AAAA`,
  ],
  ['a megabyte', () => 'x'.repeat(1024 * 1024)],
]

for (const [what, forge] of forgeries) {
  test(`RSRC-02: a token with ${what} is none`, async () => {
    const world = await createWorld()
    const all = await made(world)
    assert.equal(await world.authorization.verifyAccessToken(forge(all)), undefined)
    // The real one works, also when it was remembered.
    assert.ok(await world.authorization.verifyAccessToken(all.tokens.access_token))
    assert.ok(await world.authorization.verifyAccessToken(all.tokens.access_token))
    assert.equal(await world.authorization.verifyAccessToken(forge(all)), undefined)
  })
}

test('the forging of these tests makes a good token when nothing is changed', async () => {
  const world = await createWorld()
  const { forge } = await made(world)
  assert.ok(await world.authorization.verifyAccessToken(forge({}, {})))
})

function hmac(kid: string, tokens: { access_token: string }, key: string): string {
  const input = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${tokens.access_token.split('.')[1]}`
  return `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`
}

function swapClaims(token: string, claims: object): string {
  const [header, , signature] = token.split('.')
  return `${header}.${encode({ ...claimsOf(token), ...claims })}.${signature}`
}
