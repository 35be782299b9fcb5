import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filterCovers, parseFilter, splits } from './filter.ts'

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

const covers = (wide: string, narrow: string) =>
  filterCovers(parseFilter(wide) ?? assert.fail(), parseFilter(narrow) ?? assert.fail())

test('SCOPE-09: a longer list is a wider filter only where it surely means more', () => {
  assert.ok(covers('code=a,b', 'code=a'))
  assert.ok(!covers('code=a', 'code=a,b'))
  // What is left out by a longer list is more; what a chain or an expression means nobody can tell from its text.
  for (const parameter of ['code:not', 'subject.name', 'subject:Patient.name', '_filter']) {
    assert.ok(!covers(`${parameter}=a,b`, `${parameter}=a`), parameter)
    assert.ok(covers(`${parameter}=a,b`, `${parameter}=a,b`), parameter)
  }
  // An escaped comma is a part of one value.
  assert.ok(!covers('code=a%5C,b', 'code=b'))
  assert.ok(covers('code=a%5C,b,c', 'code=a%5C,b'))
})

test('SCOPE-09: no value of a filter holds a control character', () => {
  for (const value of ['a%00', 'a%0Ab', '%0D', '%7F', '%ff'])
    assert.equal(parseFilter(`code=${value}`), undefined)
})
