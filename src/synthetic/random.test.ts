import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from './random.ts'

const draws = (seed: string, count = 50) => {
  const random = createRandom(seed)
  return Array.from({ length: count }, () => random.next())
}

test('the same seed gives the same numbers, another seed others', () => {
  assert.deepEqual(draws('a'), draws('a'))
  assert.notDeepEqual(draws('a'), draws('b'))
})

test('a fork does not depend on what was drawn before it', () => {
  const used = createRandom('a')
  used.next()
  assert.equal(used.fork('x').next(), createRandom('a').fork('x').next())
})

test('numbers are even: the mean of many is near a half, every tenth is met', () => {
  const many = draws('even', 20_000)
  assert.ok(Math.abs(many.reduce((sum, one) => sum + one, 0) / many.length - 0.5) < 0.01)
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => many.filter((one) => Math.floor(one * 10) === tenth).length,
  )
  assert.ok(tenths.every((count) => count > 1_800 && count < 2_200))
})

test('int keeps both of its ends, pick stays in the list', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.nat(20), (seed, low, span) => {
      const drawn = createRandom(seed).int(low, low + span)
      return Number.isInteger(drawn) && drawn >= low && drawn <= low + span
    }),
  )
  assert.throws(() => createRandom('a').pick([]), RangeError)
})
