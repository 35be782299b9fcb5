import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFilter, splits } from './filter.ts'

const list = (count: number) => Array.from({ length: count }, (_, at) => `x${at}`).join(',')

test('SCOPE-09: only a list of a sensible length is asked about part by part', () => {
  assert.equal(splits([{ parameter: 'code', value: list(100) }])[0]?.length, 100)
  assert.deepEqual(splits([{ parameter: 'code', value: list(101) }]), [])
  assert.deepEqual(splits([{ parameter: 'code', value: 'a,a,a' }]), [])
})

test('SCOPE-09: a filter of more conditions than anybody could mean is no filter', () => {
  const conditions = (count: number) => Array.from({ length: count }, () => 'code=a').join('&')
  assert.equal(parseFilter(conditions(10))?.length, 10)
  assert.equal(parseFilter(conditions(11)), undefined)
})
