import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dateOf, dayAtAge, dayOf, instantOf, yearOf, yearsBetween } from './days.ts'

test('a date and its day are each other’s inverse', () => {
  fc.assert(fc.property(fc.integer({ min: -25_000, max: 40_000 }), (day) => dayOf(dateOf(day)) === day))
})

test('what is no date is refused', () => {
  for (const text of ['', '2026', '2026-13-01', '1 March 2026', '2026-03-01T00:00:00Z'])
    assert.throws(() => dayOf(text), RangeError)
})

test('an instant carries the minute and the offset', () => {
  assert.equal(instantOf(dayOf('2026-02-03'), 9 * 60 + 5), '2026-02-03T09:05:00+08:00')
  assert.equal(yearOf(dayOf('2026-02-03')), 2026)
})

test('ages count back and forth', () => {
  const birth = dayOf('1990-06-15')
  assert.ok(Math.abs(yearsBetween(birth, dayAtAge(birth, 30)) - 30) < 0.01)
})
