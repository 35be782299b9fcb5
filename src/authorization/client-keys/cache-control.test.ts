import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshnessOf } from './cache-control.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const DAY = 24 * 60 * MINUTE

const cases: readonly (readonly [string, Record<string, string>, number])[] = [
  ['AMB-14: nothing is said', {}, MINUTE],
  ['AMB-14: nothing about time is said', { 'cache-control': 'public, must-revalidate' }, MINUTE],
  ['a time', { 'cache-control': 'max-age=300' }, 300 * SECOND],
  ['in other letters and spaces', { 'cache-control': 'Public , MAX-AGE = "300"' }, 300 * SECOND],
  ['not at all', { 'cache-control': 'no-store' }, 0],
  ['not unasked', { 'cache-control': 'no-cache, max-age=300' }, 0],
  ['no time at all', { 'cache-control': 'max-age=0' }, 0],
  ['two times', { 'cache-control': 'max-age=300, max-age=10' }, 10 * SECOND],
  ['nonsense', { 'cache-control': 'max-age=soon' }, 0],
  ['less than nothing', { 'cache-control': 'max-age=-5' }, 0],
  ['the time that it lay elsewhere', { 'cache-control': 'max-age=300', age: '100' }, 200 * SECOND],
  ['older than its time', { 'cache-control': 'max-age=300', age: '1000' }, 0],
  ['a year', { 'cache-control': 'max-age=31536000' }, DAY],
  ['a time for shared caches, which this is not', { 'cache-control': 's-maxage=9999' }, MINUTE],
]
for (const [what, headers, expected] of cases) {
  test(`CAUTH-45, CAUTH-46: ${what}: kept for ${expected} ms`, () => {
    assert.equal(freshnessOf(headers), expected)
  })
}
