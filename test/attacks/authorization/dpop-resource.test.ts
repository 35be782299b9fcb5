/** Bound tokens at the FHIR API: the scheme, the key, the request and the token have to fit together. RFC 9449 §7. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { proofAlgorithms } from '../../../src/authorization/dpop/proof.ts'
import { createApp } from '../../../src/http/app.ts'
import { silentLog } from '../../../src/http/log.ts'
import { fhirRoutes } from '../../../src/resource/routes.ts'
import { athOf, newKey, type ProofChanges, proofOf } from './proofs.ts'
import { ask, Browser } from './visit.ts'
import { baseUrl, callback, createWorld, fhirBase, publicApp, users, verifier, type World } from './world.ts'

const key = await newKey()
const other = await newKey()
const path = '/fhir/Observation'

async function tokenOf(world: World, bound: boolean): Promise<string> {
  const { code } = await (await new Browser(world, users.patient).open({ scope: 'patient/*.rs' })).allow()
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
    client_id: publicApp.id,
  }
  const headers: Record<string, string> = bound ? { dpop: await proofOf(world, key) } : {}
  return (await ask(world, form, headers)).body.access_token
}

async function open(needsDpopNonce = false) {
  const world = await createWorld({ needsDpopNonce: false })
  const rights = { of: async () => ({ rights: [], withheld: [] }), ofClient: async () => undefined }
  const strict = needsDpopNonce ? await createWorld({ needsDpopNonce }) : world
  const app = createApp({
    routes: fhirRoutes({
      answer: async ({ path }) => {
        const headers: Record<string, string> =
          path === 'Forbidden' ? { 'www-authenticate': 'Bearer realm="x", error="insufficient_scope"' } : {}
        return { status: path === 'Forbidden' ? 403 : 200, headers, body: '{}' }
      },
      verifier: { verify: world.authorization.verifyBoundToken },
      proofs: {
        check: strict.authorization.checkProof,
        nonce: strict.authorization.dpopNonce,
        algorithms: proofAlgorithms,
      },
      rights,
      trail: { record: async () => {} },
      log: silentLog,
      base: fhirBase,
    }),
    log: silentLog,
    baseUrl,
    allowsOrigin: async () => true,
  })
  const ask = (headers: Record<string, string>, url = `${path}?code=x`, method = 'GET') =>
    app.inject({ method, url, headers: { ...headers, origin: 'https://app.example' } })
  return { world, ask }
}

function proofFor(world: World, token: string, changes: ProofChanges = {}, by = key): Promise<string> {
  const claims = { htm: 'GET', htu: baseUrl + path, ath: athOf(token), ...changes.claims }
  return proofOf(world, by, { ...changes, claims })
}

test('RFC 9449 §7.1: a bound token with its scheme and a proof is let in', async () => {
  const { world, ask } = await open()
  const token = await tokenOf(world, true)
  const reply = await ask({ authorization: `DPoP ${token}`, dpop: await proofFor(world, token) })
  assert.equal(reply.status, 200)
})

test('RFC 9449 §7.2: a bound token as a bearer token is refused, with and without a proof', async () => {
  const { world, ask } = await open()
  const token = await tokenOf(world, true)
  const plain = await ask({ authorization: `Bearer ${token}` })
  const proven = await ask({ authorization: `Bearer ${token}`, dpop: await proofFor(world, token) })
  for (const reply of [plain, proven]) {
    assert.equal(reply.status, 401)
    assert.match(
      reply.headers['www-authenticate'] ?? '',
      /^DPoP realm="[^"]+", error="invalid_token", algs="ES256 /,
    )
  }
})

test('RFC 9449 §7.1: an unbound token in the scheme of bound ones is refused', async () => {
  const { world, ask } = await open()
  const token = await tokenOf(world, false)
  assert.equal((await ask({ authorization: `Bearer ${token}` })).status, 200)
  const reply = await ask({ authorization: `DPoP ${token}`, dpop: await proofFor(world, token) })
  assert.deepEqual(
    [reply.status, /error="invalid_token"/.test(reply.headers['www-authenticate'] ?? '')],
    [401, true],
  )
})

const refused: readonly (readonly [string, string, (world: World, token: string) => Promise<string>])[] = [
  ['by another key', 'invalid_token', (world, token) => proofFor(world, token, {}, other)],
  [
    'for another method',
    'invalid_dpop_proof',
    (world, token) => proofFor(world, token, { claims: { htm: 'POST' } }),
  ],
  [
    'for another resource',
    'invalid_dpop_proof',
    (world, token) => proofFor(world, token, { claims: { htu: `${fhirBase}/Patient` } }),
  ],
  [
    'for another server',
    'invalid_dpop_proof',
    (world, token) => proofFor(world, token, { claims: { htu: `https://evil.example${path}` } }),
  ],
  ['for another token', 'invalid_dpop_proof', (world) => proofFor(world, 'another')],
  [
    'for no token',
    'invalid_dpop_proof',
    (world, token) => proofFor(world, token, { claims: { ath: undefined } }),
  ],
  ['for the token endpoint', 'invalid_dpop_proof', (world) => proofOf(world, key)],
  ['that is no proof', 'invalid_dpop_proof', async () => 'a.b.c'],
  [
    'with a nonce of somebody else',
    'use_dpop_nonce',
    (world, token) => proofFor(world, token, { claims: { nonce: 'x' } }),
  ],
]

for (const [what, error, proof] of refused)
  test(`RFC 9449 §7.1: a stolen token with a proof ${what} is refused with ${error}`, async () => {
    const { world, ask } = await open()
    const token = await tokenOf(world, true)
    const reply = await ask({ authorization: `DPoP ${token}`, dpop: await proof(world, token) })
    assert.equal(reply.status, 401)
    assert.ok(
      reply.headers['www-authenticate']?.includes(`error="${error}"`),
      reply.headers['www-authenticate'],
    )
    assert.match(reply.headers['access-control-expose-headers'] ?? '', /DPoP-Nonce/)
  })

const corrections: readonly (readonly [
  string,
  (world: World, token: string) => Promise<Record<string, string>>,
  RegExp,
])[] = [
  [
    'a bound token as a bearer token',
    async (_, token) => ({ authorization: `Bearer ${token}` }),
    /bound to a key: .*Authorization: DPoP.* proof in the header DPoP/,
  ],
  [
    'an unbound one as a bound one',
    async (world) => ({ authorization: `DPoP ${await tokenOf(world, false)}` }),
    /bound to no key: .*Authorization: Bearer/,
  ],
  [
    'a proof by another key',
    async (world, token) => ({
      authorization: `DPoP ${token}`,
      dpop: await proofFor(world, token, {}, other),
    }),
    /another key than the one that the access token is bound to/,
  ],
  ['no proof', async (_, token) => ({ authorization: `DPoP ${token}` }), /The header DPoP is missing/],
  [
    'a proof for no token',
    async (world, token) => ({
      authorization: `DPoP ${token}`,
      dpop: await proofFor(world, token, { claims: { ath: undefined } }),
    }),
    /ath has to be the SHA-256 of the access token, in base64url/,
  ],
  [
    'a nonce of somebody else',
    async (world, token) => ({
      authorization: `DPoP ${token}`,
      dpop: await proofFor(world, token, { claims: { nonce: 'x' } }),
    }),
    /the nonce of the header DPoP-Nonce/,
  ],
]

for (const [what, headers, text] of corrections)
  test(`RFC 9449 §7.1: of ${what} the app reads what to change`, async () => {
    const { world, ask } = await open()
    const reply = await ask(await headers(world, await tokenOf(world, true)))
    assert.equal(reply.status, 401)
    assert.match(JSON.parse(reply.body).issue[0].diagnostics, text)
  })

test('RFC 9449 §4.3: an address is the same in every spelling of it, and another one in none', async () => {
  const { world, ask } = await open()
  const token = await tokenOf(world, true)
  const statusOf = async (sent: string, htu: string) => {
    const dpop = await proofFor(world, token, { claims: { htu } })
    return (await ask({ authorization: `DPoP ${token}`, dpop }, sent)).status
  }
  const [plain, encoded] = ['/fhir/Patient/a-b~1', '/fhir/%50atient/a%2Db%7e1']
  for (const sent of [plain, encoded])
    for (const proven of [plain, encoded, `${plain}?x=1`, `${encoded}#y`])
      assert.equal(await statusOf(sent, baseUrl + proven), 200, `${sent} ${proven}`)
  for (const other of [
    '/fhir/Patient%2Fa-b~1',
    '/fhir/Patient/a-b~1/',
    '/fhir/Patient/A-b~1',
    '/fhir/Patient/a%252Db~1',
  ])
    assert.equal(await statusOf(plain, baseUrl + other), 401, other)
})

test('RFC 9449 §7.1: no proof at all is invalid_dpop_proof', async () => {
  const { world, ask } = await open()
  const reply = await ask({ authorization: `DPoP ${await tokenOf(world, true)}` })
  assert.match(reply.headers['www-authenticate'] ?? '', /^DPoP .*error="invalid_dpop_proof"/)
})

test('RFC 9449 §11.1: a request that was overheard cannot be sent again', async () => {
  const { world, ask } = await open()
  const token = await tokenOf(world, true)
  const headers = { authorization: `DPoP ${token}`, dpop: await proofFor(world, token) }
  assert.equal((await ask(headers)).status, 200)
  assert.equal((await ask(headers)).status, 401)
})

test('RFC 9449 §9: where a nonce is required the refusal tells it', async () => {
  const { world, ask } = await open(true)
  const token = await tokenOf(world, true)
  const first = await ask({ authorization: `DPoP ${token}`, dpop: await proofFor(world, token) })
  assert.match(first.headers['www-authenticate'] ?? '', /error="use_dpop_nonce"/)
  const nonce = first.headers['dpop-nonce'] ?? ''
  const again = await ask({
    authorization: `DPoP ${token}`,
    dpop: await proofFor(world, token, { claims: { nonce } }),
  })
  assert.equal(again.status, 200)
})

test('RFC 9449 §7.1: whoever came with a bound token is challenged in its scheme', async () => {
  const { world, ask } = await open()
  const token = await tokenOf(world, true)
  const proof = await proofFor(world, token, { claims: { htu: `${fhirBase}/Forbidden` } })
  const reply = await ask({ authorization: `DPoP ${token}`, dpop: proof }, '/fhir/Forbidden')
  assert.equal(reply.headers['www-authenticate'], 'DPoP realm="x", error="insufficient_scope"')
})
