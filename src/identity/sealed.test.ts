import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSealer } from './sealed.ts'

const sealer = createSealer('the secret of an installation', 'tests')

test('what is sealed opens for the same purpose, account and installation only', () => {
  const sealed = sealer.seal('JBSWY3DPEHPK3PXP', 'codes user_1')
  assert.ok(!sealed.includes('JBSWY3DPEHPK3PXP'))
  assert.equal(sealer.open(sealed, 'codes user_1'), 'JBSWY3DPEHPK3PXP')
  assert.equal(sealer.open(sealed, 'codes user_2'), undefined)
  assert.equal(createSealer('the secret of an installation', 'other').open(sealed, 'codes user_1'), undefined)
  assert.equal(createSealer('another secret', 'tests').open(sealed, 'codes user_1'), undefined)
  assert.notEqual(sealer.seal('JBSWY3DPEHPK3PXP', 'codes user_1'), sealed)
})

test('a touched or cut text opens to nothing', () => {
  const bytes = Buffer.from(sealer.seal('secret', 'a'), 'base64url')
  for (let at = 0; at < bytes.length; at++) {
    const touched = Buffer.from(bytes)
    touched[at] = (touched[at] ?? 0) ^ 1
    assert.equal(sealer.open(touched.toString('base64url'), 'a'), undefined)
    assert.equal(sealer.open(bytes.subarray(0, at).toString('base64url'), 'a'), undefined)
  }
  assert.equal(sealer.open('', 'a'), undefined)
  assert.equal(sealer.open('not base64url!', 'a'), undefined)
})
