/** Tokens that are bound to a key, at the token endpoint: without that key they are worth nothing. RFC 9449. */
import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { exportJWK } from 'jose'
import type { Client } from '../../../src/authorization/client.ts'
import { newKey, type ProofChanges, proofOf } from './proofs.ts'
import { ask, authorizeParameters, Browser, basic, claimsOf, query } from './visit.ts'
import {
  baseUrl,
  callback,
  confidentialApp,
  createWorld,
  MINUTE,
  publicApp,
  SECOND,
  secret,
  users,
  verifier,
  type World,
} from './world.ts'

const key = await newKey()
const other = await newKey()
const scope = 'openid offline_access'

async function codeFor(world: World, changes: Record<string, string> = {}): Promise<string> {
  return (await (await new Browser(world, users.patient).open({ scope, ...changes })).allow()).code
}

function codeForm(code: string, client_id = publicApp.id) {
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    client_id,
  }
}

async function redeemWith(world: World, code: string, proof: string | undefined) {
  return ask(world, codeForm(code), proof === undefined ? {} : { dpop: proof })
}

function refreshWith(world: World, refresh_token: string, proof: string | undefined) {
  const form = { grant_type: 'refresh_token', refresh_token, client_id: publicApp.id }
  return ask(world, form, proof === undefined ? {} : { dpop: proof })
}

test('RFC 9449 §5, §6: with a proof the access token is bound to its key and says so', async () => {
  const world = await createWorld()
  const { status, body, headers } = await redeemWith(world, await codeFor(world), await proofOf(world, key))
  assert.equal(status, 200)
  assert.equal(body.token_type, 'DPoP')
  assert.deepEqual(claimsOf(body.access_token).cnf, { jkt: key.jkt })
  assert.equal(headers['dpop-nonce'], undefined)
  assert.equal((await world.authorization.verifyBoundToken(body.access_token))?.jkt, key.jkt)
})

test('RFC 9449 §7.2: a bound token is no bearer token', async () => {
  const world = await createWorld()
  const { body } = await redeemWith(world, await codeFor(world), await proofOf(world, key))
  assert.equal(await world.authorization.verifyAccessToken(body.access_token), undefined)
})

test('TOK-14: without a proof a token is a bearer token, as ever', async () => {
  const world = await createWorld()
  const { body } = await redeemWith(world, await codeFor(world), undefined)
  assert.equal(body.token_type, 'Bearer')
  assert.equal('cnf' in claimsOf(body.access_token), false)
})

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A proof under a shared secret, whose "key" anybody can write down. */
function symmetric(world: World): string {
  const jwk = { kty: 'oct', k: Buffer.from('secret').toString('base64url') }
  const claims = { jti: 'x', htm: 'POST', htu: `${baseUrl}/oauth/token`, iat: world.now() / SECOND }
  const input = `${encode({ alg: 'HS256', typ: 'dpop+jwt', jwk })}.${encode(claims)}`
  return `${input}.${createHmac('sha256', 'secret').update(input).digest('base64url')}`
}

const now = (world: World) => world.now() / SECOND
const refused: readonly (readonly [string, (world: World) => Promise<string> | string])[] = [
  ['that is no JWT', () => 'nonsense'],
  ['that is empty', () => ' '],
  ['that is endless', (world) => proofOf(world, key, { claims: { x: 'x'.repeat(10_000) } })],
  [
    'without signature',
    (world) => `${encode({ alg: 'none', typ: 'dpop+jwt', jwk: key.jwk })}.${encode({ iat: now(world) })}.`,
  ],
  ['under a shared secret', symmetric],
  ['signed by another key than it names', (world) => changed(world, { signedBy: other.privateKey })],
  ['without key', (world) => changed(world, { header: { jwk: undefined } })],
  [
    'with a private key in it',
    async (world) => changed(world, { header: { jwk: await exportJWK(key.privateKey) } }),
  ],
  [
    'with a weak key',
    async () => {
      const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
      const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: await exportJWK(weak.publicKey) }
      return `${encode(header)}.${encode({ jti: 'x' })}.AAAA`
    },
  ],
  ['of another type', (world) => changed(world, { header: { typ: 'JWT' } })],
  ['without type', (world) => changed(world, { header: { typ: undefined } })],
  ['for another method', (world) => changed(world, { claims: { htm: 'GET' } })],
  ['for a method in other case', (world) => changed(world, { claims: { htm: 'post' } })],
  ['for another address', (world) => changed(world, { claims: { htu: 'https://evil.example/oauth/token' } })],
  ['for another path', (world) => changed(world, { claims: { htu: `${baseUrl}/oauth/par` } })],
  ['for another port', (world) => changed(world, { claims: { htu: 'http://localhost:8081/oauth/token' } })],
  [
    'with user information',
    (world) => changed(world, { claims: { htu: 'http://x@localhost:8080/oauth/token' } }),
  ],
  ['without address', (world) => changed(world, { claims: { htu: undefined } })],
  ['without method', (world) => changed(world, { claims: { htm: undefined } })],
  ['without time', (world) => changed(world, { claims: { iat: undefined } })],
  ['that is old', (world) => changed(world, { claims: { iat: now(world) - 61 } })],
  ['from the future', (world) => changed(world, { claims: { iat: now(world) + 61 } })],
  ['that is over', (world) => changed(world, { claims: { exp: now(world) - 61 } })],
  ['without name', (world) => changed(world, { claims: { jti: undefined } })],
  ['with an empty name', (world) => changed(world, { claims: { jti: '' } })],
  ['with an endless name', (world) => changed(world, { claims: { jti: 'x'.repeat(300) } })],
  ['with a name that is no text', (world) => changed(world, { claims: { jti: 7 } })],
  ['twice', async (world) => `${await proofOf(world, key)}, ${await proofOf(world, key)}`],
]

function changed(world: World, changes: ProofChanges): Promise<string> {
  return proofOf(world, key, changes)
}

for (const [what, proof] of refused)
  test(`RFC 9449 §4.3: a proof ${what} is refused, and the code stays good`, async () => {
    const world = await createWorld()
    const code = await codeFor(world)
    const { status, body } = await redeemWith(world, code, await proof(world))
    assert.deepEqual([status, body.error], [400, 'invalid_dpop_proof'])
    assert.equal((await redeemWith(world, code, await proofOf(world, key))).status, 200)
  })

const tokenEndpoint = `${baseUrl}/oauth/token`
const corrections: readonly (readonly [string, (world: World) => Promise<string> | string, string])[] = [
  [
    'that is no JWT',
    () => 'nonsense',
    'The header DPoP has to be one signed JWT in compact form, of 8 kB at most.',
  ],
  [
    'sent twice',
    refused.at(-1)?.[1] ?? (() => ''),
    'The header DPoP has to be one signed JWT in compact form, of 8 kB at most.',
  ],
  [
    'of another type',
    (world) => changed(world, { header: { typ: 'JWT' } }),
    'In the header of the DPoP proof typ has to be dpop+jwt.',
  ],
  [
    'under a shared secret',
    symmetric,
    'In the header of the DPoP proof alg has to be one of ES256, ES384, RS256, PS256, EdDSA, Ed25519.',
  ],
  [
    'without key',
    (world) => changed(world, { header: { jwk: undefined } }),
    'In the header of the DPoP proof jwk has to be the public key that the proof is signed with.',
  ],
  [
    'signed by another key',
    (world) => changed(world, { signedBy: other.privateKey }),
    'In the header of the DPoP proof jwk has to be the public key that the proof is signed with.',
  ],
  [
    'for another method',
    (world) => changed(world, { claims: { htm: 'post' } }),
    'In the DPoP proof htm has to be POST.',
  ],
  [
    'for another address',
    (world) => changed(world, { claims: { htu: `${tokenEndpoint}/` } }),
    `In the DPoP proof htu has to be ${tokenEndpoint}.`,
  ],
  [
    'from a clock that is slow',
    (world) => changed(world, { claims: { iat: now(world) - 61 } }),
    'In the DPoP proof iat has to be within 60 seconds of the time of this server, in seconds since 1970.',
  ],
  [
    'in milliseconds',
    (world) => changed(world, { claims: { iat: world.now() } }),
    'In the DPoP proof iat has to be within 60 seconds of the time of this server, in seconds since 1970.',
  ],
  [
    'without name',
    (world) => changed(world, { claims: { jti: undefined } }),
    'In the DPoP proof jti has to be 1 to 256 characters, others in every proof.',
  ],
]

for (const [what, proof, text] of corrections)
  test(`RFC 9449 §4.3: of a proof ${what} the app reads what to change`, async () => {
    const world = await createWorld()
    const { body } = await redeemWith(world, await codeFor(world), await proof(world))
    assert.equal(body.error_description, text)
  })

test('RFC 9449 §4.3: query and fragment of the address do not count', async () => {
  const world = await createWorld()
  const proof = await proofOf(world, key, { claims: { htu: `${baseUrl}/oauth/token?x=y#z` } })
  assert.equal((await redeemWith(world, await codeFor(world), proof)).status, 200)
})

test('RFC 9449 §11.1: a proof works once, of ten at the same moment too', async () => {
  const world = await createWorld()
  const code = await codeFor(world)
  const proof = await proofOf(world, key)
  const form = { ...codeForm(code), code_verifier: 'x'.repeat(43) }
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(world, form, { dpop: proof })))
  const errors = answers.map(({ body }) => body.error)
  assert.equal(errors.filter((error) => error === 'invalid_grant').length, 1)
  assert.equal(errors.filter((error) => error === 'invalid_dpop_proof').length, 9)
})

test('RFC 9449 §11.1: nobody uses up the jti of another key', async () => {
  const world = await createWorld()
  const [code, others] = [await codeFor(world), await codeFor(world)]
  const claims = { jti: 'a-name-that-two-keys-use' }
  assert.equal((await redeemWith(world, others, await proofOf(world, other, { claims }))).status, 200)
  assert.equal((await redeemWith(world, code, await proofOf(world, key, { claims }))).status, 200)
  const again = await redeemWith(world, code, await proofOf(world, key, { claims }))
  assert.equal(again.body.error, 'invalid_dpop_proof')
})

test('RFC 9449 §5: the refresh token of a public app needs its key, and that is no reason to end it', async () => {
  const world = await createWorld()
  const { body } = await redeemWith(world, await codeFor(world), await proofOf(world, key))
  assert.equal((await refreshWith(world, body.refresh_token, undefined)).body.error, 'invalid_dpop_proof')
  const stolen = await refreshWith(world, body.refresh_token, await proofOf(world, other))
  assert.equal(stolen.body.error, 'invalid_grant')
  const next = await refreshWith(world, body.refresh_token, await proofOf(world, key))
  assert.equal(next.body.token_type, 'DPoP')
  // The next one is bound just the same, and a used one without its key ends nothing.
  assert.equal((await refreshWith(world, next.body.refresh_token, undefined)).status, 400)
  assert.equal((await refreshWith(world, body.refresh_token, await proofOf(world, other))).status, 400)
  assert.equal((await refreshWith(world, next.body.refresh_token, await proofOf(world, key))).status, 200)
})

test('RFC 9449 §5: a confidential app may change its key, since it authenticates', async () => {
  const world = await createWorld()
  const code = await codeFor(world, { client_id: confidentialApp.id })
  const { client_id: _public, ...form } = codeForm(code)
  const by = basic(confidentialApp.id, secret)
  const { body } = await ask(world, form, { ...by, dpop: await proofOf(world, key) })
  const again = { grant_type: 'refresh_token', refresh_token: body.refresh_token }
  const next = await ask(world, again, { ...by, dpop: await proofOf(world, other) })
  assert.deepEqual(claimsOf(next.body.access_token).cnf, { jkt: other.jkt })
})

test('RFC 9449 §10: a code that names its key is worth nothing to whoever caught it', async () => {
  const world = await createWorld()
  const code = await codeFor(world, { dpop_jkt: key.jkt })
  assert.equal((await redeemWith(world, code, undefined)).body.error, 'invalid_grant')
  assert.equal((await redeemWith(world, code, await proofOf(world, other))).body.error, 'invalid_grant')
  assert.equal((await redeemWith(world, code, await proofOf(world, key))).status, 200)
})

for (const dpop_jkt of ['short', `${key.jkt}=`, `${key.jkt}x`, '<script>'])
  test(`RFC 9449 §10: a dpop_jkt of ${dpop_jkt} is refused`, async () => {
    const page = await new Browser(await createWorld(), users.patient).open({ dpop_jkt })
    assert.equal(page.answer.get('error'), 'invalid_request')
  })

test('RFC 9449 §10.1: a push with a proof binds the code to its key', async () => {
  const world = await createWorld()
  const push = async (changes: Record<string, string>, jktOf: typeof key) => {
    const proof = await proofOf(world, jktOf, { claims: { htu: `${baseUrl}/oauth/par` } })
    const form = authorizeParameters({ scope, ...changes })
    return world.app.inject({ method: 'POST', url: '/oauth/par', form, headers: { dpop: proof } })
  }
  assert.equal((await push({ dpop_jkt: key.jkt }, other)).status, 400)
  const pushed = JSON.parse((await push({}, key)).body)
  const browser = new Browser(world, users.patient)
  const pairs = [
    ['client_id', publicApp.id],
    ['request_uri', pushed.request_uri],
  ] as const
  const sent = await browser.get(`/oauth/authorize?${query(pairs)}`)
  const { code } = await (await browser.visit(sent.headers.location ?? '')).allow()
  assert.equal((await redeemWith(world, code, await proofOf(world, other))).body.error, 'invalid_grant')
  assert.equal((await redeemWith(world, code, await proofOf(world, key))).status, 200)
})

test('RFC 9449 §5.2: an app whose tokens are always bound gets none without a proof', async () => {
  const bound: Client = { ...publicApp, dpopBoundTokens: true }
  const world = await createWorld({ clients: [bound] })
  const code = await codeFor(world)
  assert.equal((await redeemWith(world, code, undefined)).body.error, 'invalid_dpop_proof')
  assert.equal((await redeemWith(world, code, await proofOf(world, key))).body.token_type, 'DPoP')
})

test('RFC 9449 §8: where a nonce is required, a proof without one or with an old or made-up one learns it', async () => {
  const world = await createWorld({ needsDpopNonce: true })
  const code = await codeFor(world)
  const first = await redeemWith(world, code, await proofOf(world, key))
  assert.deepEqual([first.status, first.body.error], [400, 'use_dpop_nonce'])
  const nonce = first.headers['dpop-nonce'] ?? ''
  const madeUp = await proofOf(world, key, {
    claims: { nonce: `${nonce.split('.')[0]}.AAAAAAAAAAAAAAAAAAAAAA` },
  })
  assert.equal((await redeemWith(world, code, madeUp)).body.error, 'use_dpop_nonce')
  world.pass(30 * SECOND)
  const good = await redeemWith(world, code, await proofOf(world, key, { claims: { nonce } }))
  assert.equal(good.status, 200)
  assert.ok(good.headers['dpop-nonce'])
  world.pass(4 * MINUTE)
  const late = await refreshWith(
    world,
    good.body.refresh_token,
    await proofOf(world, key, { claims: { nonce } }),
  )
  assert.equal(late.body.error, 'use_dpop_nonce')
})

test('CORS-01: a page of an app may send proofs and read nonces', async () => {
  const world = await createWorld()
  const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
  const preflight = await world.app.inject({ method: 'OPTIONS', url: '/oauth/token', headers })
  assert.match(preflight.headers['access-control-allow-headers'] ?? '', /\bDPoP\b/)
  const reply = await world.app.inject({ method: 'POST', url: '/oauth/token', form: {}, headers })
  assert.match(reply.headers['access-control-expose-headers'] ?? '', /\bDPoP-Nonce\b/)
})

test('RFC 9449 §5.1: the algorithms of proofs stand in the discovery documents', async () => {
  const world = await createWorld()
  for (const url of [
    '/.well-known/oauth-authorization-server',
    '/.well-known/openid-configuration',
    '/fhir/.well-known/smart-configuration',
  ])
    assert.ok(
      JSON.parse((await world.app.inject({ url })).body).dpop_signing_alg_values_supported.includes('ES256'),
    )
})
