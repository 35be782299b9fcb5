import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { numberTicks, scale, timeTicks } from './axis.js'

const year = (value: number) => new Date(value, 0, 1).getTime()

test('a scale keeps proportions, and puts a lone value in the middle', () => {
  const toX = scale([10, 20], [0, 100])
  assert.deepEqual([toX(10), toX(15), toX(20)], [0, 50, 100])
  assert.equal(scale([5, 5], [0, 100])(5), 50)
})

test('number ticks are round and free of binary dust', () => {
  assert.deepEqual(numberTicks(0.12, 0.32), [0.1, 0.2, 0.3, 0.4])
  assert.deepEqual(numberTicks(61, 98), [60, 80, 100])
})

test('number ticks always span the readings, also when all are equal', () => {
  const reading = fc.integer({ min: -1e9, max: 1e9 }).map((value) => value / 1000)
  fc.assert(
    fc.property(reading, reading, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      const ticks = numberTicks(low, high)
      const slack = (high - low || Math.abs(high) || 1) * 1e-6
      assert.ok((ticks[0] ?? Number.NaN) <= low + slack && (ticks.at(-1) ?? Number.NaN) >= high - slack)
      assert.ok(ticks.length >= 2 && ticks.length <= 8, `${ticks.length} ticks`)
    }),
  )
})

test('time ticks stand on round years when the span is long', () => {
  assert.deepEqual(
    timeTicks(year(1998), year(2021), 300, 'en').map(({ label }) => label),
    ['2000', '2005', '2010', '2015', '2020'],
  )
})

test('time ticks stand on the first of months when the span is short', () => {
  assert.deepEqual(
    timeTicks(new Date(2021, 0, 20).getTime(), new Date(2021, 3, 2).getTime(), 300, 'en').map(
      ({ label }) => label,
    ),
    ['Feb 2021', 'Mar 2021', 'Apr 2021'],
  )
})

test('time ticks stay inside their span and in order', () => {
  const moment = fc.integer({ min: year(1915), max: year(2030) })
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      const ticks = timeTicks(from, to, 300).map(({ at }) => at)
      assert.ok(ticks.length <= 8)
      assert.ok(
        ticks.every((at, index) => at >= from && at <= to && (index === 0 || at > (ticks[index - 1] ?? 0))),
      )
    }),
  )
})
