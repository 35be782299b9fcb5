import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { derSignature, p256Bytes, p384Bytes, plainSignature } from './ecdsa.ts'

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' })

test('a signature of ES256 is two numbers of 32 bytes, also where one begins with zeros or has its highest bit set', () => {
  const seen = { zeros: 0, high: 0 }
  // One number in 256 begins with a zero byte: among so many signatures, hundreds of them.
  for (let at = 0; at < 20_000; at++) {
    const input = Buffer.from(`text ${at}`)
    const der = sign('sha256', input, p256.privateKey)
    const signature = plainSignature(der, p256Bytes)
    assert.equal(signature.length, 64)
    assert.deepEqual(derSignature(signature, p256Bytes), der)
    const odd = signature[0] === 0 || signature[32] === 0
    const high = (signature.readUInt8(0) | signature.readUInt8(32)) >= 0x80
    if (odd) seen.zeros++
    if (high) seen.high++
    // Each is checked where the shape is rare, and some of the others: checking takes longer than signing.
    if (!odd && at % 20 > 0) continue
    const key = { key: p256.publicKey, dsaEncoding: 'ieee-p1363' } as const
    assert.ok(verify('sha256', input, key, signature), `text ${at}`)
  }
  assert.ok(seen.zeros > 50 && seen.high > 10_000, JSON.stringify(seen))
})

test('what others sign as two plain numbers is the same signature in DER, on both curves', () => {
  const curves = [
    { ...p256, hash: 'sha256', bytes: p256Bytes },
    { ...p384, hash: 'sha384', bytes: p384Bytes },
  ]
  for (const { privateKey, publicKey, hash, bytes } of curves) {
    for (let at = 0; at < 600; at++) {
      const input = Buffer.from(`text ${at}`)
      const plain = sign(hash, input, { key: privateKey, dsaEncoding: 'ieee-p1363' })
      const der = derSignature(plain, bytes)
      assert.ok(der)
      assert.deepEqual(plainSignature(der, bytes), plain)
      if (plain[0] === 0 || plain[bytes] === 0 || at % 20 === 0)
        assert.ok(verify(hash, input, publicKey, der), `text ${at}`)
    }
  }
})

test('what is not two numbers of the length is no signature, and zeros are one that nobody made', () => {
  for (const length of [0, 1, 63, 65, 96])
    assert.equal(derSignature(Buffer.alloc(length), p256Bytes), undefined)
  const zeros = derSignature(Buffer.alloc(64), p256Bytes)
  assert.deepEqual(zeros, Buffer.from('3006020100020100', 'hex'))
  assert.equal(verify('sha256', Buffer.from('text'), p256.publicKey, zeros ?? ''), false)
})
