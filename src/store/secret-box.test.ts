import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSecretBox, isSealed } from './secret-box.ts'

const [one, other] = [randomBytes(32), randomBytes(32)]
const box = createSecretBox([one])

test('what was sealed opens again, for its purpose and with its key only', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (text, purpose) => {
      const sealed = box.seal(text, purpose)
      assert.ok(isSealed(sealed) && box.isCurrent(sealed, purpose))
      assert.equal(box.open(sealed, purpose), text)
      assert.throws(() => box.open(sealed, `${purpose}x`))
      assert.throws(() => createSecretBox([other]).open(sealed, purpose))
    }),
  )
})

test('the same text is never sealed to the same', () => {
  assert.notEqual(box.seal('text', 'purpose'), box.seal('text', 'purpose'))
})

test('one changed character, a shorter text and no seal at all are refused', () => {
  const sealed = box.seal('text', 'purpose')
  for (const at of [10, 20, sealed.length - 2]) {
    const changed = sealed[at] === 'A' ? 'B' : 'A'
    assert.throws(() => box.open(sealed.slice(0, at) + changed + sealed.slice(at + 1), 'purpose'))
  }
  for (const text of [sealed.slice(0, -4), 'sealed-1:', 'sealed-1:AAAA', 'text', ''])
    assert.throws(() => box.open(text, 'purpose'))
})

test('a key of before still opens, and is no longer the one in use', () => {
  const sealed = box.seal('text', 'purpose')
  const next = createSecretBox([other, one])
  assert.equal(next.open(sealed, 'purpose'), 'text')
  assert.equal(next.isCurrent(sealed, 'purpose'), false)
  assert.equal(next.isCurrent(next.seal('text', 'purpose'), 'purpose'), true)
})

test('a key of another length is none', () => {
  assert.throws(() => createSecretBox([randomBytes(16)]))
})
