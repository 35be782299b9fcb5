import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { jwtVerify, SignJWT } from 'jose'
import { createSigner, isSignedBy, parseToken } from './jwt.ts'
import type { SigningKey } from './keys.ts'

const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const keyOf = (alg: 'ES256' | 'RS256'): SigningKey => ({ kid: 'k', alg, ...pairs[alg] })

for (const alg of ['ES256', 'RS256'] as const) {
  test(`TOK-27: jose reads what we sign with ${alg}`, async () => {
    const claims = { sub: 'ü-1', list: [1, { a: true }], text: '臺灣 "\\' }
    const token = await createSigner(() => keyOf(alg), 'at+jwt')(claims)
    const read = await jwtVerify(token, pairs[alg].publicKey, { algorithms: [alg], typ: 'at+jwt' })
    assert.deepEqual(read.payload, claims)
    assert.equal(read.protectedHeader.kid, 'k')
  })
}

test('CTX-39: a decoder that takes bytes for characters reads every claim whole', async () => {
  const claims = { name: 'Núria 林 👩‍⚕️', text: '"\\u00fa"' }
  const token = await createSigner(() => keyOf('RS256'), 'JWT')(claims)
  assert.deepEqual(JSON.parse(atob(token.split('.')[1] ?? '')), claims)
})

for (const alg of ['ES256', 'RS256'] as const) {
  test(`TOK-27: we accept what jose signs with ${alg}, and not with one bit changed, nor by another key`, async () => {
    const token = await new SignJWT({ sub: 'x' }).setProtectedHeader({ alg }).sign(pairs[alg].privateKey)
    const parts = parseToken(token)
    assert.ok(parts && isSignedBy(keyOf(alg), parts.input, parts.signature))
    const { input, signature } = parts
    for (const at of [0, 31, 32, 63]) {
      const changed = Buffer.from(signature)
      changed[at] = (changed[at] ?? 0) ^ 1
      assert.equal(isSignedBy(keyOf(alg), input, changed), false)
    }
    for (const other of [Buffer.alloc(0), signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])])
      assert.equal(isSignedBy(keyOf(alg), input, other), false)
    assert.equal(isSignedBy(keyOf(alg), `${input} `, signature), false)
    assert.equal(isSignedBy(keyOf(alg === 'ES256' ? 'RS256' : 'ES256'), input, signature), false)
  })
}

test('RFC 7515 §7.1: text that is not three canonical parts is no token, and none throws', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parts = parseToken(text)
      return parts === undefined || text.split('.').length === 3
    }),
  )
  for (const text of ['', '.', 'a.b', 'a.b.c.d', 'AA.AA.AB', 'AA.AA.AA=', 'AA.AA.A A']) {
    assert.equal(parseToken(text), undefined, text)
  }
})
