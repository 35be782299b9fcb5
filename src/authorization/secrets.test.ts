import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashInOrder, hashSecret, randomIds } from './secrets.ts'

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

test('RFC-12: what is kept of a secret in order is its time and its hash; of any other text its hash', () => {
  const now = Date.UTC(2026, 0, 1)
  const secret = randomIds.secretInOrder(now)
  assert.match(secret, /^[0-9a-z]{9}[A-Za-z0-9_-]{43}$/)
  assert.equal(hashInOrder(secret), secret.slice(0, 9) + hashSecret(secret))
  assert.ok(hashInOrder(secret) < hashInOrder(randomIds.secretInOrder(now + 1)))
  for (const text of [
    randomIds.secret(),
    '',
    secret.slice(1),
    `${secret}x`,
    secret.toUpperCase(),
    `${secret}\n`,
  ])
    assert.equal(hashInOrder(text), hashSecret(text))
})
