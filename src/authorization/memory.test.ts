import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMemory } from './memory.ts'

test('a value is remembered until its time, and not at it', () => {
  const memory = createMemory<string>(2)
  memory.set('a', 'x', 10)
  assert.equal(memory.get('a', 9), 'x')
  assert.equal(memory.get('a', 10), undefined)
  assert.equal(memory.get('a', 9), undefined)
})

test('there are never more than fit: the oldest goes', () => {
  const memory = createMemory<number>(2)
  for (const key of ['a', 'b', 'b', 'c']) memory.set(key, 1, 10)
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => memory.get(key, 0)),
    [undefined, 1, 1],
  )
  memory.delete('b')
  assert.equal(memory.get('b', 0), undefined)
})

test('a clock that is set back makes nothing last longer: all is forgotten', () => {
  const memory = createMemory<string>(2)
  memory.set('a', 'x', 10)
  assert.equal(memory.get('b', 9), undefined)
  assert.equal(memory.get('a', 3), undefined)
})
