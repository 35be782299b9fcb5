/** Attempts to be a backend service without its key, or with one that is none. CAUTH-20, CAUTH-38, CAUTH-41, CAUTH-42, EM-15, AMB-16. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportSPKI, importJWK } from 'jose'
import {
  askWith,
  assertionOf,
  assertRefused,
  backendOf,
  goodClaims,
  keyPair,
  unsigned,
  worldOf,
} from './backend.ts'
import { confidentialApp, createWorld, secret, sha256 } from './world.ts'

test('CAUTH-36, CAUTH-42, BKND-13: another key of the same kid is refused', async () => {
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
  await assertRefused(world, `${changed}.${payload}.${signature}`, /crit/)
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
