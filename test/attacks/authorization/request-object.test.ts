/** Signed request objects: only the app's own key, for this server, for a while, and nothing beside them counts. RFC 9101, OIDC Core §6. */
import assert from 'node:assert/strict'
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { exportJWK, SignJWT } from 'jose'
import type { Client } from '../../../src/authorization/client.ts'
import type { OutboundResult } from '../../../src/http/outbound.ts'
import { Browser, query, redeem } from './visit.ts'
import {
  baseUrl,
  callback,
  challenge,
  createWorld,
  fhirBase,
  publicApp,
  SECOND,
  start,
  users,
} from './world.ts'

const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES256' }
const requestUri = 'https://app.example/request.jwt'
const app: Client = { ...publicApp, jwks: { keys: [jwk] }, requestUris: [requestUri] }

const now = start / SECOND
const good = {
  iss: app.id,
  aud: [baseUrl, fhirBase],
  exp: now + 300,
  client_id: app.id,
  response_type: 'code',
  redirect_uri: callback,
  scope: 'openid',
  state: 'from-the-object',
  code_challenge: challenge,
  code_challenge_method: 'S256',
}

interface Made {
  readonly claims?: Record<string, unknown>
  readonly header?: Record<string, unknown>
  readonly key?: typeof own.privateKey
}

function make({ claims = {}, header = {}, key = own.privateKey }: Made = {}): Promise<string> {
  const protectedHeader = { alg: 'ES256', kid: 'k1', typ: 'oauth-authz-req+jwt', ...header }
  return new SignJWT({ ...good, ...claims }).setProtectedHeader(protectedHeader).sign(key)
}

async function open(
  sent: Record<string, string>,
  options: { client?: Client; fetched?: OutboundResult } = {},
) {
  const asked: string[] = []
  const { client = app, fetched } = options
  const world = await createWorld({
    clients: [client],
    outbound: {
      get: async (url) => {
        asked.push(url)
        return fetched ?? { refused: 'unreachable', detail: '' }
      },
    },
  })
  const browser = new Browser(world, users.patient)
  const outside = { client_id: client.id, redirect_uri: callback, state: 'outside', ...sent }
  const reply = await browser.get(`/oauth/authorize?${query(Object.entries(outside))}`)
  const location = new URL(reply.headers.location ?? 'about:blank', baseUrl)
  return { world, browser, reply, asked, answer: location.searchParams, location }
}

async function follow({ world, browser, reply }: Awaited<ReturnType<typeof open>>) {
  const back = await (await browser.visit(reply.headers.location ?? '')).allow()
  return { back, token: await redeem(world, back.code) }
}

test('RFC 9101 §6.3: the parameters of the object count, and none beside it', async () => {
  const opened = await open({ request: await make(), scope: 'user/*.cruds', nonce: 'outside' })
  const { back, token } = await follow(opened)
  assert.equal(back.answer.get('state'), 'from-the-object')
  assert.equal(token.body.scope, 'openid')
})

test('AUTHZ-14: an object that names the FHIR server as resource is as good', async () => {
  const opened = await open({ request: await make({ claims: { aud: baseUrl, resource: fhirBase } }) })
  assert.equal((await follow(opened)).token.status, 200)
})

test('AUTHZ-11: an object for this server that asks for more than sign-in and names no FHIR server is refused', async () => {
  const { answer } = await open({
    request: await make({ claims: { aud: baseUrl, scope: 'openid fhirUser' } }),
  })
  assert.equal(answer.get('error'), 'invalid_request')
})

test('RFC 9101 §5.2.3: an object at a registered address is fetched from there', async () => {
  const fetched = { status: 200, headers: {}, body: await make() }
  const opened = await open({ request_uri: requestUri }, { fetched })
  assert.deepEqual(opened.asked, [requestUri])
  assert.equal((await follow(opened)).token.status, 200)
})

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** The public key as a secret: what a verifier does that lets the header choose. */
function signedWithPublicKey(): string {
  const pem = own.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const input = `${encode({ alg: 'HS256', kid: 'k1' })}.${encode(good)}`
  return `${input}.${createHmac('sha256', pem).update(input).digest('base64url')}`
}

/** Signed by the app itself, with what no library would sign. */
function signedAsIs(header: object): string {
  const input = `${encode({ alg: 'ES256', kid: 'k1', ...header })}.${encode(good)}`
  const key = { key: own.privateKey, dsaEncoding: 'ieee-p1363' } as const
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
}

const noKey = /not signed with the key of this app that its kid names/
const refused: readonly (readonly [string, RegExp, () => Promise<string> | string])[] = [
  [
    'RFC 8725 §3.1: without signature',
    /alg has/,
    () => `${encode({ alg: 'none', kid: 'k1' })}.${encode(good)}.`,
  ],
  ['RFC 8725 §3.1: by the public key as a secret', /alg has/, signedWithPublicKey],
  ['by a key that only looks like it', noKey, () => make({ key: foreign.privateKey })],
  ['under a kid that nobody has', noKey, () => make({ header: { kid: 'k2' } })],
  ['without kid', /kid is missing/, () => make({ header: { kid: undefined } })],
  [
    'with a key in its header',
    /kid is missing/,
    async () =>
      make({ key: foreign.privateKey, header: { jwk: await exportJWK(foreign.publicKey), kid: undefined } }),
  ],
  [
    'with an address of keys in its header',
    noKey,
    () => make({ header: { jku: 'https://evil.example/', kid: 'x' } }),
  ],
  ['with an unknown critical header', /crit/, () => signedAsIs({ crit: ['x'], x: 1 })],
  ['with a known critical header', /crit/, () => signedAsIs({ crit: ['b64'], b64: true })],
  ['RFC 8725 §3.11: that is a DPoP proof', /typ has/, () => make({ header: { typ: 'dpop+jwt' } })],
  ['RFC 9101 §10.8: that may be a client assertion', /sub/, () => make({ claims: { sub: app.id } })],
  ['of another app', /iss has/, () => make({ claims: { iss: 'other-app', client_id: 'other-app' } })],
  ['without iss', /iss has/, () => make({ claims: { iss: undefined } })],
  ['whose client_id differs', /client_id/, () => make({ claims: { client_id: 'other-app' } })],
  ['without client_id', /client_id/, () => make({ claims: { client_id: undefined } })],
  ['for another server', /aud has/, () => make({ claims: { aud: 'https://evil.example' } })],
  ['for the FHIR server alone', /aud has/, () => make({ claims: { aud: fhirBase } })],
  ['for the token endpoint', /aud has/, () => make({ claims: { aud: `${baseUrl}/oauth/token` } })],
  ['without audience', /aud has/, () => make({ claims: { aud: undefined } })],
  ['that is over', /exp is over/, () => make({ claims: { exp: now - 61 } })],
  ['that never ends', /exp is missing/, () => make({ claims: { exp: undefined } })],
  ['that ends in words', /exp has/, () => make({ claims: { exp: 'soon' } })],
  [
    'that ends in a year',
    /exp of the request object has to be within an hour/,
    () => make({ claims: { exp: now + 365 * 24 * 3600 } }),
  ],
  [
    'that ends after an hour and the skew',
    /exp of the request object has to be within an hour/,
    () => make({ claims: { exp: now + 3661 } }),
  ],
  ['that has not begun', /nbf is in the future/, () => make({ claims: { nbf: now + 61 } })],
  ['that begins in words', /nbf has/, () => make({ claims: { nbf: 'now' } })],
  ['made tomorrow', /iat is in the future/, () => make({ claims: { iat: now + 24 * 3600 } })],
  ['made beyond the skew', /iat is in the future/, () => make({ claims: { iat: now + 61 } })],
  ['made in words', /iat has/, () => make({ claims: { iat: 'now' } })],
  ['in an object', /request/, () => make({ claims: { request: 'a.b.c' } })],
  ['that points elsewhere', /request_uri/, () => make({ claims: { request_uri: requestUri } })],
  ['that is no JWT', /one signed JWT/, () => 'nonsense'],
  ['that is endless', /64 kB/, () => make({ claims: { x: 'x'.repeat(70_000) } })],
]

for (const [what, text, object] of refused)
  test(`RFC 9101 §6.2: a request object ${what} is refused, and it is said why`, async () => {
    const form = Object.entries({
      client_id: app.id,
      redirect_uri: callback,
      state: 's',
      request: await object(),
    })
    const world = await createWorld({ clients: [app] })
    const reply = await new Browser(world, users.patient).post('/oauth/authorize', form)
    const answer = new URL(reply.headers.location ?? '').searchParams
    assert.equal(answer.get('error'), 'invalid_request_object')
    assert.match(answer.get('error_description') ?? '', text)
    assert.equal(answer.get('state'), 's')
    assert.equal(answer.get('iss'), baseUrl)
    assert.deepEqual(await world.sql.all('SELECT * FROM flows'), [])
  })

test('AMB-12: the clock of the app may be a minute ahead', async () => {
  const opened = await open({ request: await make({ claims: { iat: now + 60, nbf: now + 60 } }) })
  assert.equal((await follow(opened)).token.status, 200)
})

test('RFC 9864: EdDSA and Ed25519 are one algorithm, whichever is registered', async () => {
  const pair = generateKeyPairSync('ed25519')
  const key = { ...(await exportJWK(pair.publicKey)), kid: 'k1' }
  for (const [requestObjectAlg, alg] of [
    ['EdDSA', 'Ed25519'],
    ['Ed25519', 'EdDSA'],
  ] as const) {
    const client = { ...app, jwks: { keys: [key] }, requestObjectAlg }
    const request = await make({ key: pair.privateKey, header: { alg } })
    assert.equal((await follow(await open({ request }, { client }))).token.status, 200, alg)
  }
})

test('RFC-01: an object cannot name a redirect URI that is not registered, and its error goes nowhere', async () => {
  const request = await make({ claims: { redirect_uri: 'https://evil.example/' } })
  const { reply } = await open({ request })
  assert.equal(reply.status, 400)
  assert.equal(reply.headers.location, undefined)
})

test('RFC 9101 §5: a response_type beside the object has to agree', async () => {
  const { answer } = await open({ request: await make(), response_type: 'token' })
  assert.equal(answer.get('error'), 'invalid_request_object')
  assert.equal((await open({ request: await make(), response_type: 'code' })).reply.status, 303)
})

test('OIDC Core §6: request and request_uri together are refused', async () => {
  const { answer, asked } = await open({ request: await make(), request_uri: requestUri })
  assert.equal(answer.get('error'), 'invalid_request')
  assert.deepEqual(asked, [])
})

for (const request_uri of [
  'https://evil.example/request.jwt',
  `${requestUri}?x`,
  `${requestUri}#x`,
  'http://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
  'https://app.example/request.jwt/../x',
])
  test(`RFC 9101 §10.4.1: nobody makes this server call ${request_uri}`, async () => {
    const { answer, asked } = await open({ request_uri })
    assert.equal(answer.get('error'), 'request_uri_not_supported')
    assert.deepEqual(asked, [])
  })

for (const fetched of [
  { refused: 'address', detail: 'private' },
  { refused: 'redirect', detail: '' },
  { refused: 'tooLarge', detail: '' },
  { status: 404, headers: {}, body: '' },
] as const)
  test(`RFC 9101 §5.2: no object at the address (${JSON.stringify(fetched)}) is invalid_request_uri`, async () => {
    const { answer } = await open({ request_uri: requestUri }, { fetched })
    assert.equal(answer.get('error'), 'invalid_request_uri')
    assert.doesNotMatch(answer.get('error_description') ?? '', /private|404/)
  })

test('RFC 9101 §10.5: an app that has to sign gets nothing for a plain request, pushed or not', async () => {
  const client = { ...app, requiresSignedRequests: true }
  const plain = {
    response_type: 'code',
    scope: 'openid',
    aud: fhirBase,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  const { answer, world } = await open(plain, { client })
  assert.equal(answer.get('error'), 'invalid_request')
  const form = Object.entries({ ...plain, client_id: app.id, redirect_uri: callback })
  const pushed = await world.app.inject({ method: 'POST', url: '/oauth/par', form })
  assert.equal(JSON.parse(pushed.body).error, 'invalid_request')
  assert.equal((await open({ request: await make() }, { client })).reply.status, 303)
})

test('an app that registered one algorithm is held to it', async () => {
  const { answer } = await open({ request: await make() }, { client: { ...app, requestObjectAlg: 'RS256' } })
  assert.equal(answer.get('error'), 'invalid_request_object')
  assert.match(answer.get('error_description') ?? '', /alg has to be RS256/)
})

test('RFC 9126 §3: an object can be pushed, and nothing beside it counts there either', async () => {
  const world = await createWorld({ clients: [app] })
  const form = Object.entries({ client_id: app.id, request: await make(), scope: 'user/*.cruds' })
  const pushed = await world.app.inject({ method: 'POST', url: '/oauth/par', form })
  assert.equal(pushed.status, 201)
  const browser = new Browser(world, users.patient)
  const pairs = Object.entries({ client_id: app.id, request_uri: JSON.parse(pushed.body).request_uri })
  const reply = await browser.get(`/oauth/authorize?${query(pairs as [string, string][])}`)
  const back = await (await browser.visit(reply.headers.location ?? '')).allow()
  assert.equal((await redeem(world, back.code)).body.scope, 'openid')
  const forged = Object.entries({ client_id: app.id, request: await make({ key: foreign.privateKey }) })
  const refusal = await world.app.inject({ method: 'POST', url: '/oauth/par', form: forged })
  assert.equal(JSON.parse(refusal.body).error, 'invalid_request_object')
})

for (const [what, state] of [
  ['that is no text', '%FF'],
  ['with a line break', 'a%0Ab'],
  ['that no header could carry', 'x'.repeat(17_000)],
] as const) {
  test(`a request object that is none, beside a state ${what}: the error goes back without it`, async () => {
    const world = await createWorld()
    for (const mode of ['query', 'form_post']) {
      if (mode === 'query' && state.length < 100) continue
      const sent = query([
        ['client_id', publicApp.id],
        ['redirect_uri', callback],
        ['response_mode', mode],
        ['request', 'x'],
      ])
      const reply = await world.app.inject({ url: `/oauth/authorize?${sent}&state=${state}` })
      const told = mode === 'query' ? (reply.headers.location ?? '') : reply.body
      assert.ok([200, 303].includes(reply.status), String(reply.status))
      assert.match(told, /invalid_request_object/)
      assert.equal(told.includes('name="state"') || told.includes('&state='), false)
    }
  })
}
