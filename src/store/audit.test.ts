import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedIn, signedOut } from '../audit/event.ts'
import { createTrail } from '../audit/trail.ts'
import { createAuditStore } from './audit.ts'
import { openDatabase } from './sqlite/database.ts'

test('records are kept in order, whole, and listed from any place', async () => {
  const store = createAuditStore(openDatabase(':memory:'))
  const events = [signedIn({ user: 'a' }, 'password'), signedOut({ user: 'a' })]
  await store.append(events.map((event, time) => ({ time, event })))
  assert.deepEqual(
    store.list(0, 10).map(({ seq, time, event }) => ({ seq, time, event })),
    events.map((event, time) => ({ seq: time + 1, time, event })),
  )
  assert.deepEqual(
    store.list(1, 10).map((one) => one.seq),
    [2],
  )
})

test('the trail is append-only: change and removal fail', async () => {
  const db = openDatabase(':memory:')
  const trail = createTrail(createAuditStore(db), () => 5)
  await trail.record(signedOut({ user: 'a' }))
  assert.throws(() => db.run("UPDATE audit SET event = '{}'"), /append-only/)
  assert.throws(() => db.run('DELETE FROM audit'), /append-only/)
})

test('one bad record keeps its whole group out', async () => {
  const db = openDatabase(':memory:')
  const store = createAuditStore(db)
  const bad = { time: 1.5, event: signedOut({}) }
  await assert.rejects(store.append([{ time: 1, event: signedOut({}) }, bad]))
  assert.deepEqual(store.list(0, 10), [])
})
