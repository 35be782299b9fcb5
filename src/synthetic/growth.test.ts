import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Sex } from './growth.ts'
import { childWeightAt, headAt, heightAt } from './growth.ts'

const middle = { height: 0, weight: 0, head: 0 }
const sexes = fc.constantFrom<Sex>('female', 'male')
const deviation = fc.double({ min: -3, max: 3, noNaN: true })

test('a middling child is as tall and heavy as the tables say', () => {
  assert.equal(heightAt('female', 0, middle), 49.1)
  assert.equal(heightAt('male', 6, middle), 116)
  assert.ok(Math.abs(childWeightAt('male', 6, middle) - 20.5) < 0.001)
  assert.equal(headAt('female', 1, middle), 44.9)
})

test('no child shrinks or loses weight by growing older', () => {
  fc.assert(
    fc.property(
      sexes,
      deviation,
      fc.double({ min: 0, max: 17.5, noNaN: true }),
      fc.double({ min: 0.02, max: 0.5, noNaN: true }),
      (sex, z, age, step) => {
        const stature = { height: z, weight: Math.max(-2.2, z), head: z }
        return (
          heightAt(sex, age + step, stature) >= heightAt(sex, age, stature) &&
          childWeightAt(sex, age + step, stature) >= childWeightAt(sex, age, stature)
        )
      },
    ),
  )
})

test('the old are a little shorter than they were', () => {
  assert.ok(heightAt('female', 85, middle) < heightAt('female', 50, middle))
})
