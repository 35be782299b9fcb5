import assert from 'node:assert/strict'
import { constants, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { CompactSign, type CryptoKey, exportJWK, generateKeyPair } from 'jose'
import { clientAlgorithms } from './algorithms.ts'
import { isSignedWith } from './check-signature.ts'

async function publicKeyOf(key: CryptoKey) {
  return createPublicKey({ key: (await exportJWK(key)) as Record<string, string>, format: 'jwk' })
}

async function signedWith(alg: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const claims = new TextEncoder().encode(JSON.stringify({ sub: 'app' }))
  const token = await new CompactSign(claims).setProtectedHeader({ alg }).sign(privateKey)
  return { token, key: await publicKeyOf(publicKey) }
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

for (const alg of clientAlgorithms) {
  test(`CAUTH-17, CAUTH-18: we accept what jose signs with ${alg}, and nothing else`, async () => {
    const { token, key } = await signedWith(alg)
    const [header = '', claims = '', signature = ''] = token.split('.')
    assert.equal(await isSignedWith(key, alg, token), true)
    const bytes = Buffer.from(signature, 'base64url')
    for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      assert.equal(
        await isSignedWith(key, alg, `${header}.${claims}.${changed.toString('base64url')}`),
        false,
      )
    }
    for (const other of [
      `${header}.${claims}.`,
      `${header}.${claims}.${signature}=`,
      `${header}.${claims}.${signature}A`,
      `${header}.${claims}.${bytes.subarray(1).toString('base64url')}`,
      `${header}.${claims}x.${signature}`,
      `${claims}.${header}.${signature}`,
      signature,
      '',
    ])
      assert.equal(await isSignedWith(key, alg, other), false, other)
    assert.equal(await isSignedWith((await signedWith(alg)).key, alg, token), false, "another's key")
  })
}

for (const alg of ['RS256', 'RS384', 'PS256', 'PS384'])
  test(`RFC 8017 §8.1.2, §8.2.2: of ${alg} a signature that begins with a zero is none without it`, async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const padding = alg.startsWith('PS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
    for (let count = 0; ; count++) {
      const input = `${encoded({ alg })}.${encoded({ count })}`
      const signature = sign(`sha${alg.slice(2)}`, Buffer.from(input), {
        key: privateKey,
        padding,
        saltLength,
      })
      if (signature[0] !== 0) continue
      const short = signature.subarray(1).toString('base64url')
      assert.equal(await isSignedWith(publicKey, alg, `${input}.${signature.toString('base64url')}`), true)
      assert.equal(await isSignedWith(publicKey, alg, `${input}.${short}`), false)
      return
    }
  })

test('RFC 8725 §3.1: an algorithm that is none of ours checks nothing, nor does one with the key of another', async () => {
  const { token, key } = await signedWith('RS256')
  for (const alg of ['none', 'HS256', 'RS512', '', 'toString', 'RS384', 'PS256', 'ES256', 'ES384', 'EdDSA'])
    assert.equal(await isSignedWith(key, alg, token), false, alg)
  const ec = await signedWith('ES256')
  for (const alg of ['RS256', 'ES384', 'EdDSA', 'PS384'])
    assert.equal(await isSignedWith(ec.key, alg, ec.token), false, alg)
})
