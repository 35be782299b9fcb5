import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { createAttemptStore } from '../store/attempts.ts'
import { FAILURES_REMEMBERED, LONGEST_WAIT } from './durations.ts'
import { createThrottle, networkOf, passwordBudgets } from './throttle.ts'

testOnEach(
  'the sixth attempt waits, each later one twice as long, and never longer than the longest',
  async (sql) => {
    const throttle = createThrottle(createAttemptStore(sql))
    const budgets = passwordBudgets('amara', { address: '192.0.2.1' }, 1_000_000)
    const waits: number[] = []
    let now = 1_000_000
    for (let attempt = 0; attempt < 18; attempt++) {
      const wait = await throttle.attempt(budgets, now)
      waits.push(wait)
      now += wait
      if (wait > 0) assert.equal(await throttle.attempt(budgets, now), 0)
    }
    assert.deepEqual(waits.slice(0, 9), [0, 0, 0, 0, 0, 1000, 2000, 4000, 8000])
    assert.equal(waits.at(-1), LONGEST_WAIT)
    assert.equal(await throttle.attempt(budgets, now + FAILURES_REMEMBERED), 0)
  },
)

testOnEach('a hundred attempts at once on two nodes are no more than the free ones', async (sql) => {
  const nodes = [createThrottle(createAttemptStore(sql)), createThrottle(createAttemptStore(sql))]
  const budgets = passwordBudgets('amara', { address: '192.0.2.1' }, 1_000_000)
  const waits = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => nodes[index % 2]?.attempt(budgets, 1_000_000) ?? 0),
  )
  assert.equal(waits.filter((wait) => wait === 0).length, 5)
})

testOnEach(
  'an address that guesses at many accounts waits too; a success of its own does not clear that',
  async (sql) => {
    const throttle = createThrottle(createAttemptStore(sql))
    const at = (name: string) => passwordBudgets(name, { address: '192.0.2.1' }, 1_000_000)
    for (let account = 0; account < 49; account++)
      assert.equal(await throttle.attempt(at(`user${account}`), 1_000_000), 0)
    assert.equal(await throttle.attempt(at('own'), 1_000_000), 0)
    await throttle.succeed(at('own'))
    assert.equal(await throttle.attempt(at('user49'), 1_000_000), 0)
    assert.ok((await throttle.attempt(at('user50'), 1_000_000)) > 0)
    const known = passwordBudgets('user50', { address: '192.0.2.1', device: 'a known browser' }, 1_000_000)
    assert.equal(await throttle.attempt(known, 1_000_000), 0)
  },
)

test('an IPv6 customer is one guesser, however many addresses they have', () => {
  assert.equal(networkOf('2001:db8:1:2:aaaa::1'), networkOf('2001:db8:1:2:ffff:ffff:ffff:ffff'))
  assert.notEqual(networkOf('2001:db8:1:2::1'), networkOf('2001:db8:1:3::1'))
  assert.equal(networkOf('::ffff:192.0.2.7'), '192.0.2.7')
  assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0')
  assert.equal(networkOf('::1'), '0:0:0:0')
})
