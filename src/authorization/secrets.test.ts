import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomIds } from './secrets.ts'

test('names in order stand behind each other by their time, and two of one time are two', () => {
  const times = [
    0,
    1,
    35,
    36,
    Date.UTC(2026, 0, 1),
    Date.UTC(2059, 4, 25),
    Date.UTC(2059, 4, 26),
    Date.UTC(2500, 0, 1),
  ]
  const names = times.map((time) => randomIds.idInOrder('grant_', time))
  assert.deepEqual([...names].sort(), names)
  assert.notEqual(randomIds.idInOrder('grant_', 1), randomIds.idInOrder('grant_', 1))
  for (const name of names) assert.match(name, /^grant_[0-9a-z]{9}[A-Za-z0-9_-]{22}$/)
})
