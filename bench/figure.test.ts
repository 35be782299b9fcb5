import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatFigure, median, target } from './figure.ts'

test('a figure is one line: name, value, unit, reference, ratio, and whether the target is met', () => {
  const line = formatFigure({
    name: 'refresh',
    value: 1234.5,
    unit: 'requests/s',
    reference: 2000,
    against: 'bare signature',
    ratio: 0.617,
    target: target('ratio', 0.617, '≥', 0.6),
  })
  assert.match(
    line,
    /^refresh +1,235 requests\/s {2}reference 2,000 \(bare signature\) {2}ratio 0\.62 {2}met: ratio ≥ 0\.6$/,
  )
})

test('a missed target says so', () => {
  assert.equal(target('ratio', 0.5, '≥', 0.6).met, false)
  assert.equal(target('start', 1001, '≤', 1000, 'ms').met, false)
  assert.equal(target('start', 1000, '≤', 1000, 'ms').text, 'start ≤ 1000 ms')
})

test('the median of odd and even numbers, and of none', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 3]), 2.5)
  assert.throws(() => median([]), RangeError)
})
