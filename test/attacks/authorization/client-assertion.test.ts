/** Attempts to be a backend service without its key, or twice with one assertion. CAUTH-25 to CAUTH-44, EM-14, EM-15, AMB-09, AMB-12, AMB-13, AMB-16. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportSPKI, importJWK, SignJWT } from 'jose'
import type { Client } from '../../../src/authorization/client.ts'
import {
  askWith,
  assertionOf,
  backendOf,
  type Changes,
  goodClaims,
  jwtBearer,
  keyPair,
  tokenEndpoint,
  unsigned,
} from './backend.ts'
import { ask, basic } from './visit.ts'
import {
  baseUrl,
  confidentialApp,
  createWorld,
  MINUTE,
  publicApp,
  SECOND,
  secret,
  sha256,
  type World,
} from './world.ts'

const algorithms = ['RS384', 'ES384', 'RS256', 'ES256', 'PS256', 'PS384', 'EdDSA', 'Ed25519']

async function worldOf(changes: Partial<Client> = {}, others: readonly Client[] = []): Promise<World> {
  const own = await backendOf([await keyPair('ES384'), await keyPair('RS384')], changes)
  return createWorld({ clients: [own, ...others] })
}

/** Refused as SMART says, with nothing left behind: no grant, and the good assertion still works. */
async function assertRefused(
  world: World,
  assertion: string,
  text: RegExp,
  changes: Record<string, string> = {},
) {
  const { status, body, headers } = await askWith(world, assertion, changes)
  assert.equal(status, 400, body.error_description as string)
  assert.equal(body.error, 'invalid_client')
  assert.match(String(body.error_description), text)
  assert.equal('access_token' in body, false)
  assert.equal(headers['cache-control'], 'no-store')
  const row = await world.sql.get<{ n: number }>('SELECT count(*) AS n FROM grants')
  assert.equal(Number(row?.n), 0)
}

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
  ['CAUTH-32: another server', /aud has to be/, () => ({ aud: 'https://other.example/oauth/token' })],
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
  ['CAUTH-33: expired', /exp is over/, (world) => ({ exp: now(world) - 60 })],
  ['RFC 7523: not valid yet', /nbf is in the future/, (world) => ({ nbf: now(world) + 120 })],
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

test('CAUTH-42: another key of the same kid is refused', async () => {
  const world = await worldOf()
  const thief = await keyPair('ES384', 'thief')
  await assertRefused(world, await assertionOf(world, { ...thief, kid: 'ES384' }), /not signed/)
})

test('CAUTH-38: the key of another app is refused, whoever it says it is', async () => {
  const pair = await keyPair('ES384', 'other')
  const other = await backendOf([pair], { id: 'other' })
  const world = await worldOf({}, [other])
  await assertRefused(world, await assertionOf(world, pair), /not signed/)
  await assertRefused(world, await assertionOf(world, pair, { claims: { iss: 'other' } }), /iss and sub/)
  await assertRefused(
    world,
    await assertionOf(world, pair, { claims: { iss: 'other', sub: 'other' } }),
    /client_id is not/,
    {
      client_id: 'backend',
    },
  )
})

test('AMB-16: no algorithm, no signature', async () => {
  const world = await worldOf()
  const good = goodClaims(world)
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', undefined]) {
    await assertRefused(
      world,
      unsigned({ alg, kid: 'ES384', typ: 'JWT' }, good),
      /alg has to be|one signed JWT/,
    )
  }
  await assertRefused(
    world,
    unsigned({ alg: 'ES384', kid: 'ES384', typ: 'JWT' }, good),
    /not signed|one signed JWT/,
  )
})

test('AMB-16: a public key as the secret of an HMAC is refused', async () => {
  const world = await worldOf()
  const { jwk } = await keyPair('RS384')
  const publicKey = (await importJWK(jwk, 'RS384')) as Parameters<typeof exportSPKI>[0]
  for (const secretText of [await exportSPKI(publicKey), JSON.stringify(jwk), String(jwk.n)]) {
    for (const alg of ['HS256', 'HS384', 'HS512']) {
      const forged = await assertionOf(world, await keyPair('RS384'), {
        header: { alg, kid: 'RS384' },
        key: new TextEncoder().encode(secretText),
      })
      await assertRefused(world, forged, /alg has to be/)
    }
  }
})

test('AMB-16: the secret of an app that has one signs nothing', async () => {
  const world = await createWorld({ clients: [{ ...confidentialApp, grantTypes: ['client_credentials'] }] })
  for (const text of [secret, sha256(secret)]) {
    const forged = await assertionOf(world, await keyPair('ES384'), {
      header: { alg: 'HS256' },
      claims: { iss: confidentialApp.id, sub: confidentialApp.id },
      key: new TextEncoder().encode(text),
    })
    await assertRefused(world, forged, /alg has to be/)
  }
})

test('CAUTH-41: the algorithm that a key names is the only one it is used with', async () => {
  const { jwk, privateKey } = await keyPair('RS384')
  const world = await worldOf({ jwks: { keys: [{ ...jwk, alg: 'RS384' }] } })
  const pkcs = await import('jose').then(async ({ exportPKCS8, importPKCS8 }) =>
    importPKCS8(await exportPKCS8(privateKey), 'PS256'),
  )
  const assertion = await assertionOf(world, await keyPair('RS384'), { header: { alg: 'PS256' }, key: pkcs })
  await assertRefused(world, assertion, /not signed/)
})

test('the algorithm that an app registered is the only one', async () => {
  const world = await worldOf({ assertionAlg: 'RS384' })
  await assertRefused(world, await assertionOf(world, await keyPair('ES384')), /not signed/)
  assert.equal((await askWith(world, await assertionOf(world, await keyPair('RS384')))).status, 200)
})

test('CAUTH-41: of two keys with one kid and kind neither is used; of two kinds the one that fits', async () => {
  const [one, two] = [await keyPair('ES384'), await keyPair('ES384', 'second')]
  const world = await worldOf({ jwks: { keys: [{ ...one.jwk }, { ...two.jwk, kid: 'ES384' }] } })
  await assertRefused(world, await assertionOf(world, one), /not signed/)
  const rsa = await keyPair('RS384')
  const mixed = await worldOf({
    jwks: {
      keys: [
        { ...one.jwk, kid: 'k' },
        { ...rsa.jwk, kid: 'k' },
      ],
    },
  })
  assert.equal((await askWith(mixed, await assertionOf(mixed, { ...one, kid: 'k' }))).status, 200)
  assert.equal((await askWith(mixed, await assertionOf(mixed, { ...rsa, kid: 'k' }))).status, 200)
})

const unfit: readonly (readonly [string, Record<string, unknown>])[] = [
  ['a key for encryption', { use: 'enc' }],
  ['a key that only signs', { key_ops: ['sign'] }],
  ['a private key', { d: 'AAAA' }],
  ['a key on another curve', { crv: 'P-256' }],
  ['a point that is not on the curve', { x: 'AAAA' }],
  ['a key without a point', { y: undefined }],
]
for (const [what, members] of unfit) {
  test(`CAUTH-20: ${what} is no proof`, async () => {
    const pair = await keyPair('ES384')
    const world = await worldOf({ jwks: { keys: [{ ...pair.jwk, ...members }] } })
    await assertRefused(world, await assertionOf(world, pair), /not signed/)
  })
}

test('an RSA key of less than 2048 bits, and one of endless bits, is no proof', async () => {
  const { generateKeyPairSync } = await import('node:crypto')
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'weak' }
  const { jwk: strong } = await keyPair('RS384')
  const padded = Buffer.concat([Buffer.alloc(128), Buffer.from(String(jwk.n), 'base64url')]).toString(
    'base64url',
  )
  const endless = Buffer.alloc(3000, 0xff).toString('base64url')
  for (const n of [jwk.n, padded, endless]) {
    const world = await worldOf({ jwks: { keys: [{ ...strong, kid: 'weak', n }] } })
    const { createSign } = await import('node:crypto')
    const input = unsigned({ alg: 'RS384', kid: 'weak' }, goodClaims(world)).replace(/\.$/, '')
    const signature = createSign('sha384').update(input).sign(privateKey).toString('base64url')
    await assertRefused(world, `${input}.${signature}`, /not signed/)
  }
})

for (const [what, header] of [
  ['jwk', (jwk: object) => ({ jwk })],
  ['x5c', () => ({ x5c: ['MIIB'] })],
  ['x5u', () => ({ x5u: 'https://evil.example/cert' })],
] as const) {
  test(`RFC 7515: a key that comes along (${what}) is not used`, async () => {
    const world = await worldOf()
    const thief = await keyPair('ES384', 'thief')
    for (const kid of ['thief', 'ES384']) {
      const assertion = await assertionOf(world, { ...thief, kid }, { header: header(thief.jwk) })
      await assertRefused(world, assertion, /not signed/)
    }
  })
}

test('RFC 7515: what is critical and unknown here is refused', async () => {
  const world = await worldOf()
  const header = { alg: 'ES384', kid: 'ES384', crit: ['b64'], b64: false }
  const good = await assertionOf(world, await keyPair('ES384'))
  const [, payload, signature] = good.split('.')
  const changed = Buffer.from(JSON.stringify(header)).toString('base64url')
  await assertRefused(world, `${changed}.${payload}.${signature}`, /not signed/)
})

test('what was changed after it was signed is refused', async () => {
  const world = await worldOf()
  const good = await assertionOf(world, await keyPair('ES384'))
  const [head, , signature] = good.split('.')
  const other = Buffer.from(JSON.stringify({ ...goodClaims(world), jti: 'other' })).toString('base64url')
  await assertRefused(world, `${head}.${other}.${signature}`, /not signed/)
  const flipped = (signature ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
  await assertRefused(world, good.replace(signature ?? '', flipped), /not signed/)
  assert.equal((await askWith(world, good)).status, 200, 'and spoils nothing for its owner')
})

test('ECDSA: a signature of zeros, and one in the other encoding, is refused', async () => {
  const world = await worldOf()
  const [head, payload] = (await assertionOf(world, await keyPair('ES384'))).split('.')
  for (const bytes of [Buffer.alloc(96), Buffer.from('3006020101020101', 'hex')])
    await assertRefused(world, `${head}.${payload}.${bytes.toString('base64url')}`, /not signed/)
})

const malformed = [
  'x',
  '.',
  '..',
  '...',
  'a.b',
  'a.b.c',
  'a.b.c.d.e',
  '{}',
  'e30.e30.',
  'e30.W10.AA',
  'bnVsbA.bnVsbA.AA',
  ' ',
  '%00',
]
for (const text of malformed) {
  test(`RFC 7523: ${JSON.stringify(text)} is no JWT`, async () => {
    await assertRefused(await worldOf(), text, /one signed JWT|alg has to be/)
  })
}

test('an oversize assertion is refused before it is looked at, whoever signed it', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  await assertRefused(world, await assertionOf(world, pair, { claims: { more: 'x'.repeat(9000) } }), /8 kB/)
  await assertRefused(world, 'e'.repeat(100_000), /8 kB/)
})

test('CAUTH-35: the type has to be the one of JWTs', async () => {
  const world = await worldOf()
  const assertion = await assertionOf(world, await keyPair('ES384'))
  for (const type of [
    '',
    'jwt-bearer',
    'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
    `${jwtBearer} `,
  ])
    await assertRefused(world, assertion, /client_assertion_type/, { client_assertion_type: type })
  await assertRefused(world, '', /client_assertion has/)
  assert.equal((await askWith(world, assertion)).status, 200)
})

test('CAUTH-37: an assertion works once, also after others and until it is long over', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  const assertion = await assertionOf(world, pair)
  assert.equal((await askWith(world, assertion)).status, 200)
  for (const passed of [0, SECOND, 4 * MINUTE, 50 * SECOND]) {
    world.pass(passed)
    await world.authorization.sweep()
    const { body } = await askWith(world, assertion)
    assert.deepEqual(
      [body.error, body.error_description],
      ['invalid_client', 'The jti of client_assertion was used before.'],
    )
  }
  world.pass(5 * MINUTE)
  assert.match(String((await askWith(world, assertion)).body.error_description), /exp is over/)
})

test('CAUTH-37: a jti is used up by what was refused after it was proven, and by one of other contents too', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  const assertion = await assertionOf(world, pair, { claims: { jti: 'same' } })
  assert.equal((await askWith(world, assertion, { scope: 'system/*.cruds' })).body.error, 'invalid_scope')
  assert.equal((await askWith(world, assertion)).body.error, 'invalid_client')
  const another = await assertionOf(world, await keyPair('RS384'), { claims: { jti: 'same' } })
  assert.equal((await askWith(world, another)).body.error, 'invalid_client')
})

test('CAUTH-37: nobody uses up the jti of another app', async () => {
  const theirs = await keyPair('ES384', 'other')
  const world = await worldOf({}, [await backendOf([theirs], { id: 'other' })])
  const claims = { jti: 'same' }
  const foreign = await assertionOf(world, theirs, { claims: { ...claims, iss: 'other', sub: 'other' } })
  assert.equal((await askWith(world, foreign)).status, 200)
  await assertForged(world, claims)
  assert.equal(
    (await askWith(world, await assertionOf(world, await keyPair('ES384'), { claims }))).status,
    200,
  )
})

async function assertForged(world: World, claims: { jti: string }): Promise<void> {
  const thief = await keyPair('ES384', 'thief')
  const { body } = await askWith(world, await assertionOf(world, { ...thief, kid: 'ES384' }, { claims }))
  assert.equal(body.error, 'invalid_client')
}

test('CAUTH-37: of a hundred that come at once with one assertion, one gets a token', async () => {
  const world = await worldOf()
  const assertion = await assertionOf(world, await keyPair('ES384'))
  const answers = await Promise.all(Array.from({ length: 100 }, () => askWith(world, assertion)))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
  assert.equal(answers.filter(({ body }) => body.error === 'invalid_client').length, 99)
})

test('AMB-12: five minutes to the second, and clocks a minute apart', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  for (const ahead of [300, 359, 1, -59]) {
    const assertion = await assertionOf(world, pair, {
      claims: { exp: now(world) + ahead, iat: now(world) + 50 },
    })
    assert.equal((await askWith(world, assertion)).status, 200, String(ahead))
  }
})

test('CAUTH-32: the issuer is this server too, alone or as the only one of a list', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  for (const aud of [baseUrl, [tokenEndpoint], [baseUrl]])
    assert.equal((await askWith(world, await assertionOf(world, pair, { claims: { aud } }))).status, 200)
})

test('AMB-09: client_id may come along when it is the same', async () => {
  const world = await worldOf()
  const pair = await keyPair('ES384')
  assert.equal((await askWith(world, await assertionOf(world, pair), { client_id: 'backend' })).status, 200)
  await assertRefusedMore(world, await assertionOf(world, pair), { client_id: 'other' })
})

async function assertRefusedMore(
  world: World,
  assertion: string,
  changes: Record<string, string>,
): Promise<void> {
  const { status, body } = await askWith(world, assertion, changes)
  assert.deepEqual([status, body.error], [400, 'invalid_client'])
}

test('RFC-10: two ways at once are none', async () => {
  const world = await worldOf({ secrets: [{ hash: sha256(secret), createdAt: 0 }] })
  const form = async () => ({
    grant_type: 'client_credentials',
    scope: 'system/Patient.rs',
    client_assertion_type: jwtBearer,
    client_assertion: await assertionOf(world, await keyPair('ES384')),
  })
  const both = await ask(world, await form(), basic('backend', secret))
  assert.deepEqual([both.status, both.body.error], [400, 'invalid_request'])
  const three = await ask(world, { ...(await form()), client_secret: secret })
  assert.deepEqual([three.status, three.body.error], [400, 'invalid_request'])
})

test('RFC 6749 §3.2: a repeated parameter is refused', async () => {
  const world = await worldOf()
  const assertion = await assertionOf(world, await keyPair('ES384'))
  for (const name of ['client_assertion', 'client_assertion_type', 'scope', 'grant_type']) {
    const form = {
      grant_type: 'client_credentials',
      scope: 'system/Patient.rs',
      client_assertion_type: jwtBearer,
      client_assertion: assertion,
    }
    const { status, body } = await ask(world, [
      ...Object.entries(form),
      [name, form[name as keyof typeof form]],
    ])
    assert.deepEqual([status, body.error], [400, 'invalid_request'])
    assert.match(String(body.error_description), new RegExp(name))
  }
})

test('CAUTH-02: an app registered for keys is not served by a secret, nor by its name alone', async () => {
  const world = await worldOf({ secrets: [{ hash: sha256(secret), createdAt: 0 }] })
  const form = { grant_type: 'client_credentials', scope: 'system/Patient.rs' }
  const header = await ask(world, form, basic('backend', secret))
  assert.deepEqual([header.status, header.body.error], [401, 'invalid_client'])
  const body = await ask(world, { ...form, client_id: 'backend', client_secret: secret })
  assert.deepEqual([body.status, body.body.error], [400, 'invalid_client'])
  const bare = await ask(world, { ...form, client_id: 'backend' })
  assert.deepEqual([bare.status, bare.body.error], [400, 'invalid_client'])
  const nobody = await ask(world, form)
  assert.deepEqual([nobody.status, nobody.body.error], [400, 'invalid_client'])
})

test('an app registered for a secret is not served by a key', async () => {
  const pair = await keyPair('ES384')
  for (const authMethod of ['client_secret_basic', 'client_secret_post', 'none'] as const) {
    const world = await worldOf({ authMethod })
    await assertRefused(world, await assertionOf(world, pair), /not signed/)
  }
})

test('a disabled app is refused as one that is not there', async () => {
  const world = await worldOf({ disabled: true })
  await assertRefused(world, await assertionOf(world, await keyPair('ES384')), /or there is no such app/)
})

test('what is refused is on record with its reason, without the assertion', async () => {
  const world = await worldOf()
  const thief = await keyPair('ES384', 'thief')
  const assertion = await assertionOf(world, { ...thief, kid: 'ES384' })
  await askWith(world, assertion)
  const told = world.events.find(({ kind }) => kind === 'token')
  assert.equal(told?.outcome, 'refused')
  assert.match(told?.reason ?? '', /^assertionKey/)
  assert.equal(JSON.stringify(world.events).includes(assertion.slice(-40)), false)
})

test('an access token, an ID token and one of our own keys are no assertions', async () => {
  const world = await worldOf({}, [publicApp])
  const pair = await keyPair('ES384')
  const { body } = await askWith(world, await assertionOf(world, pair))
  await assertRefusedMore(world, body.access_token, {})
  const [stored] = await world.keys.list()
  const { importPKCS8 } = await import('jose')
  const key = await importPKCS8(stored?.privateKey ?? '', stored?.alg ?? '')
  const own = await new SignJWT(goodClaims(world))
    .setProtectedHeader({ alg: stored?.alg ?? '', kid: stored?.kid ?? '' })
    .sign(key)
  await assertRefusedMore(world, own, {})
})
