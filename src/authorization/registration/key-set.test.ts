import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import { keySet } from './key-set.ts'

async function keyOf(alg: string, options: Record<string, unknown> = {}) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, ...options })
  return {
    open: { ...(await exportJWK(publicKey)), kid: alg },
    secret: { ...(await exportJWK(privateKey)), kid: alg },
  }
}

test('CAUTH-19, CAUTH-20: bare public keys with names are accepted, of every kind that apps sign with', async () => {
  const keys = await Promise.all(
    ['RS384', 'ES256', 'ES384', 'EdDSA'].map(async (alg) => (await keyOf(alg)).open),
  )
  assert.equal(keySet.safeParse({ keys }).success, true)
})

test('REG-04, CAUTH-13: what is no public key that can be relied on is refused', async () => {
  const [rsa, ec] = [await keyOf('RS256'), await keyOf('ES384')]
  const { kid: _, ...nameless } = ec.open
  const weak = {
    kty: 'RSA',
    kid: 'weak',
    e: 'AQAB',
    n: Buffer.alloc(128, 255).toString('base64url'),
  }
  for (const [what, keys] of [
    ['a private key', [ec.secret]],
    ['a private RSA key', [rsa.secret]],
    ['a shared secret', [{ kty: 'oct', kid: 'x', k: 'AAAA' }]],
    ['a key without name', [nameless]],
    ['two of one name', [ec.open, { ...rsa.open, kid: ec.open.kid }]],
    ['a key for encryption', [{ ...ec.open, use: 'enc' }]],
    ['an unknown curve', [{ ...ec.open, crv: 'secp256k1' }]],
    ['a point off the curve', [{ ...ec.open, x: ec.open.y, y: ec.open.y }]],
    ['half a key', [{ kty: 'RSA', kid: 'half', e: 'AQAB' }]],
    ['a certificate only', [{ kty: 'RSA', kid: 'cert', x5c: ['AAAA'] }]],
    ['a weak key', [weak]],
    ['no key', []],
    ['too many', Array.from({ length: 21 }, (_, at) => ({ ...ec.open, kid: String(at) }))],
  ] as const) {
    assert.equal(keySet.safeParse({ keys }).success, false, what)
  }
})
