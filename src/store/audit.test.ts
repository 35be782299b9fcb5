import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { signedIn, signedOut } from '../audit/event.ts'
import { createTrail } from '../audit/trail.ts'
import { createAuditStore } from './audit.ts'

testOnEach('records are kept in order, whole, and listed from any place', async (sql) => {
  const store = createAuditStore(sql)
  const events = [signedIn({ user: 'a' }, 'password'), signedOut({ user: 'a' })]
  await store.append(events.map((event, time) => ({ time, event })))
  assert.deepEqual(
    (await store.list(0, 10)).map(({ seq, time, event }) => ({ seq, time, event })),
    events.map((event, time) => ({ seq: time + 1, time, event })),
  )
  assert.deepEqual(
    (await store.list(1, 10)).map((one) => one.seq),
    [2],
  )
})

testOnEach('the trail is append-only: change and removal fail', async (sql) => {
  const trail = createTrail(createAuditStore(sql), () => 5)
  await trail.record(signedOut({ user: 'a' }))
  for (const change of ["UPDATE audit SET event = '{}'", 'DELETE FROM audit'])
    await assert.rejects(
      sql.write((tx) => tx.run(change)),
      /append-only/,
    )
})

testOnEach('one bad record keeps its whole group out', async (sql) => {
  const store = createAuditStore(sql)
  const bad = { time: 1.5, event: signedOut({}) }
  await assert.rejects(store.append([{ time: 1, event: signedOut({}) }, bad]))
  assert.deepEqual(await store.list(0, 10), [])
})
