import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedOut, tokenRevoked } from './event.ts'
import { type AuditRecord, createTrail } from './trail.ts'

function memory() {
  const groups: AuditRecord[][] = []
  return { groups, append: async (records: readonly AuditRecord[]) => void groups.push([...records]) }
}

test('events of one turn are written in one append, in order of arrival', async () => {
  const store = memory()
  let clock = 0
  const trail = createTrail(store, () => ++clock)
  await Promise.all(['a', 'b', 'c'].map((user) => trail.record(signedOut({ user }))))
  assert.deepEqual(
    store.groups.map((group) => group.map(({ time, event }) => [time, event.actor.user])),
    [
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ],
    ],
  )
})

test('what comes during a write goes into the next one', async () => {
  const store = memory()
  let open = () => {}
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const slow = {
    async append(records: readonly AuditRecord[]) {
      if (store.groups.length === 0) await gate
      await store.append(records)
    },
  }
  const trail = createTrail(slow, () => 0)
  const first = trail.record(signedOut({ user: 'a' }))
  await new Promise(setImmediate)
  const rest = [trail.record(signedOut({ user: 'b' })), trail.record(tokenRevoked({ client: 'c' }))]
  open()
  await Promise.all([first, ...rest])
  assert.deepEqual(
    store.groups.map((group) => group.length),
    [1, 2],
  )
})

test('a record is acknowledged only after the store has it', async () => {
  let kept = false
  const trail = createTrail(
    {
      async append() {
        await new Promise(setImmediate)
        kept = true
      },
    },
    () => 0,
  )
  await trail.record(signedOut({ user: 'a' }))
  assert.equal(kept, true)
})

test('a failed write rejects every event of its group and none after it', async () => {
  let broken = true
  const trail = createTrail(
    {
      async append() {
        if (broken) throw new Error('disk full')
      },
    },
    () => 0,
  )
  const outcomes = await Promise.allSettled([trail.record(signedOut({})), trail.record(signedOut({}))])
  assert.deepEqual(
    outcomes.map((one) => one.status),
    ['rejected', 'rejected'],
  )
  broken = false
  await trail.record(signedOut({}))
})
