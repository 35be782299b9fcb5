/** Assertions that say something else than they have to. CAUTH-17, CAUTH-18, CAUTH-26 to CAUTH-34, CAUTH-38, CAUTH-39. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  askWith,
  assertionOf,
  assertRefused,
  backendOf,
  type Changes,
  keyPair,
  tokenEndpoint,
  worldOf,
} from './backend.ts'
import { baseUrl, createWorld, type World } from './world.ts'

const algorithms = ['RS384', 'ES384', 'RS256', 'ES256', 'PS256', 'PS384', 'EdDSA', 'Ed25519']

for (const alg of algorithms) {
  test(`CAUTH-17, CAUTH-18, CAUTH-42: an app proves itself with ${alg}`, async () => {
    const pair = await keyPair(alg)
    const world = await createWorld({ clients: [await backendOf([pair])] })
    const { status, body } = await askWith(world, await assertionOf(world, pair))
    assert.equal(status, 200, String(body.error_description))
    assert.equal(body.scope, 'system/Patient.rs')
  })
}

const now = (world: World) => Math.floor(world.now() / 1000)

const claims: readonly (readonly [string, RegExp, (world: World) => Changes['claims']])[] = [
  ['CAUTH-31: no iss', /iss and sub/, () => ({ iss: undefined })],
  ['CAUTH-31: no sub', /iss and sub/, () => ({ sub: undefined })],
  ['CAUTH-31: another sub', /iss and sub/, () => ({ sub: 'other' })],
  ['CAUTH-31: another iss', /iss and sub/, () => ({ iss: 'other' })],
  ['CAUTH-31: a number for both', /not a|one signed JWT|iss and sub/, () => ({ iss: 7, sub: 7 })],
  ['CAUTH-38: an app that is not there', /not signed with a key/, () => ({ iss: 'nobody', sub: 'nobody' })],
  ['CAUTH-32: no aud', /aud has to be/, () => ({ aud: undefined })],
  ['RFC-19, CAUTH-32: another server', /aud has to be/, () => ({ aud: 'https://other.example/oauth/token' })],
  ['CAUTH-32: the token endpoint with a slash', /aud has to be/, () => ({ aud: `${tokenEndpoint}/` })],
  ['CAUTH-32: the token endpoint with a query', /aud has to be/, () => ({ aud: `${tokenEndpoint}?a` })],
  ['CAUTH-32: the token endpoint in capitals', /aud has to be/, () => ({ aud: tokenEndpoint.toUpperCase() })],
  ['CAUTH-32: the FHIR server', /aud has to be/, () => ({ aud: `${baseUrl}/fhir` })],
  ['CAUTH-32: us and another', /aud has to be/, () => ({ aud: [tokenEndpoint, 'https://other.example'] })],
  ['CAUTH-32: nobody', /aud has to be/, () => ({ aud: [] })],
  ['CAUTH-33: no exp', /exp is missing/, () => ({ exp: undefined })],
  ['CAUTH-33: exp in milliseconds', /five minutes/, (world) => ({ exp: world.now() })],
  ['CAUTH-33: exp as a text', /exp|JWT/, (world) => ({ exp: String(now(world) + 100) })],
  ['CAUTH-33: exp with a fraction', /whole seconds/, (world) => ({ exp: now(world) + 0.5 })],
  ['CAUTH-33: exp an hour ahead', /five minutes/, (world) => ({ exp: now(world) + 3600 })],
  [
    'CAUTH-33, AMB-12: exp more than five minutes and the skew ahead',
    /five minutes/,
    (world) => ({ exp: now(world) + 361 }),
  ],
  ['RFC-19, CAUTH-33: expired', /exp is over/, (world) => ({ exp: now(world) - 60 })],
  ['RFC-19: not valid yet', /nbf is in the future/, (world) => ({ nbf: now(world) + 120 })],
  ['RFC 7523: issued in the future', /iat is in the future/, (world) => ({ iat: now(world) + 120 })],
  ['CAUTH-34: no jti', /jti is missing/, () => ({ jti: undefined })],
  ['CAUTH-34: an empty jti', /jti is missing/, () => ({ jti: '' })],
  ['CAUTH-34: a list of jti', /jti is missing/, () => ({ jti: ['a'] })],
  ['CAUTH-34: an endless jti', /jti is missing/, () => ({ jti: 'x'.repeat(600) })],
]
for (const [what, text, changes] of claims) {
  test(`${what} is refused`, async () => {
    const world = await worldOf()
    const pair = await keyPair('ES384')
    await assertRefused(world, await assertionOf(world, pair, { claims: changes(world) ?? {} }), text)
  })
}

const headers: readonly (readonly [string, RegExp, Changes['header']])[] = [
  ['CAUTH-26, CAUTH-41: no kid', /kid is missing/, { kid: undefined }],
  ['CAUTH-41: an unknown kid', /not signed with a key/, { kid: 'nothing' }],
  ['CAUTH-41: the kid of a key of another kind', /not signed with a key/, { kid: 'RS384' }],
  ['CAUTH-27: made as an access token', /typ/, { typ: 'at+jwt' }],
  ['CAUTH-27: made as a security event', /typ/, { typ: 'secevent+jwt' }],
  ['CAUTH-27: made as a DPoP proof', /typ/, { typ: 'dpop+jwt' }],
  ['CAUTH-39: a jku that is not registered', /not signed with a key/, { jku: 'https://evil.example/jwks' }],
  ['CAUTH-39: a jku of this machine', /not signed with a key/, { jku: 'http://127.0.0.1:9/jwks' }],
]
for (const [what, text, header] of headers) {
  test(`${what} is refused`, async () => {
    const world = await worldOf()
    await assertRefused(
      world,
      await assertionOf(world, await keyPair('ES384'), { header: header ?? {} }),
      text,
    )
  })
}

test('CAUTH-30, CAUTH-27: neither typ nor jku has to be there', async () => {
  const world = await worldOf()
  const assertion = await assertionOf(world, await keyPair('ES384'), { header: { typ: undefined } })
  assert.equal((await askWith(world, assertion)).status, 200)
})
