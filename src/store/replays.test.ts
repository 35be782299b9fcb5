import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { createReplayStore } from './replays.ts'

const MINUTE = 60_000

testOnEach('CAUTH-37: what was used is not used again, until it expired', async (sql) => {
  const replays = createReplayStore(sql)
  assert.equal(await replays.isFirst({ use: 'a', id: 'jti', expiresAt: 1000 }), true)
  assert.equal(await replays.isFirst({ use: 'a', id: 'jti', expiresAt: 5000 }), false)
  await replays.sweep(1000 + 10 * MINUTE - 1)
  assert.equal(await replays.isFirst({ use: 'a', id: 'jti', expiresAt: 5000 }), false)
  await replays.sweep(1000 + 10 * MINUTE)
  assert.equal(await replays.isFirst({ use: 'a', id: 'jti', expiresAt: 5000 }), true)
})

testOnEach('CAUTH-37: each use has its own, and no two texts run together', async (sql) => {
  const replays = createReplayStore(sql)
  const pairs = [
    ['a', 'b'],
    ['b', 'a'],
    ['ab', ''],
    ['', 'ab'],
    ['a"', '"b'],
    ['a', 'b '],
    ['a', 'B'],
    ['a', 'b\u0000'],
    ['a', 'x'.repeat(5000)],
  ] as const
  for (const [use, id] of pairs) assert.equal(await replays.isFirst({ use, id, expiresAt: 1000 }), true)
  for (const [use, id] of pairs) assert.equal(await replays.isFirst({ use, id, expiresAt: 1000 }), false)
})

testOnEach('CAUTH-37: of a hundred that come at once one is the first', async (sql) => {
  const replays = createReplayStore(sql)
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => replays.isFirst({ use: 'a', id: 'jti', expiresAt: 1000 })),
  )
  assert.equal(answers.filter(Boolean).length, 1)
})
