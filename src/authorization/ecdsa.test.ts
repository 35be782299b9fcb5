import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import { plainEs256 } from './ecdsa.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

test('a signature of ES256 is two numbers of 32 bytes, also where one begins with zeros or has its highest bit set', () => {
  const seen = { zeros: 0, high: 0 }
  // One number in 256 begins with a zero byte: among so many signatures, hundreds of them.
  for (let at = 0; at < 20_000; at++) {
    const input = Buffer.from(`text ${at}`)
    const signature = plainEs256(sign('sha256', input, privateKey))
    assert.equal(signature.length, 64)
    const odd = signature[0] === 0 || signature[32] === 0
    const high = (signature.readUInt8(0) | signature.readUInt8(32)) >= 0x80
    if (odd) seen.zeros++
    if (high) seen.high++
    // Each is checked where the shape is rare, and some of the others: checking takes longer than signing.
    if (!odd && at % 20 > 0) continue
    assert.ok(verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature), `text ${at}`)
  }
  assert.ok(seen.zeros > 50 && seen.high > 10_000, JSON.stringify(seen))
})
