import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { trailRules } from '../audit/chain.ts'
import { launchStarted, signedIn, signedOut } from '../audit/event.ts'
import type { TrailQuery } from '../audit/reader.ts'
import { createTrail } from '../audit/trail.ts'
import { verifyChain } from '../audit/verify-chain.ts'
import { createAuditStore, createRecording, type TrailStore } from './audit.ts'

testOnEach('records are kept in order, whole, and listed from any place', async (sql) => {
  const store = createAuditStore(sql, trailRules)
  const events = [signedIn({ user: 'a' }, 'password'), signedOut({ user: 'a' })]
  await store.append(events.map((event, time) => ({ time, event })))
  assert.deepEqual(
    await store.list(0, 10),
    events.map((event, time) => ({ seq: time + 1, time, event })),
  )
  assert.deepEqual(
    (await store.list(1, 10)).map((one) => one.seq),
    [2],
  )
  assert.deepEqual(await store.find(2), { seq: 2, time: 1, event: events[1] })
  assert.equal(await store.find(3), undefined)
})

testOnEach('the trail is append-only: change and removal fail', async (sql) => {
  const trail = createTrail(createAuditStore(sql, trailRules), () => 5)
  await trail.record(signedOut({ user: 'a' }))
  const changes = [
    "UPDATE audit SET event = '{}'",
    "UPDATE audit SET hash = ''",
    'DELETE FROM audit',
    "UPDATE audit_checkpoint SET seq = 1, hash = 'made up'",
    'UPDATE audit_checkpoint SET seq = -1',
    'DELETE FROM audit_checkpoint',
  ]
  for (const change of changes)
    await assert.rejects(
      sql.write((tx) => tx.run(change)),
      /append-only/,
      change,
    )
})

for (const beside of [false, true])
  testOnEach(
    `what is undone leaves no place in the chain, ${beside ? 'whatever is under way beside it' : 'whatever comes before and after it at once'}`,
    async (sql) => {
      const { append, headOf, inTurn } = createRecording(trailRules)
      const piece = (time: number) =>
        sql.write(
          async (tx) => {
            const head = await headOf(tx)
            await append(tx, [{ time, event: signedOut({}) }], head)
            await append(tx, [{ time: time + 1, event: signedOut({}) }])
            if (time === 20) throw new Error('changed my mind')
          },
          { inTurn, beside },
        )
      const outcomes = await Promise.allSettled([10, 20, 30].map(piece))
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      await piece(40)
      const store = createAuditStore(sql, trailRules)
      assert.deepEqual(
        (await store.list(0, 10)).map(({ seq, time }) => [seq, time]),
        [10, 11, 30, 31, 40, 41].map((time, at) => [at + 1, time]),
      )
      assert.equal((await verifyChain(store)).broken, undefined)
    },
  )

testOnEach('one bad record keeps its whole group out', async (sql) => {
  const store = createAuditStore(sql, trailRules)
  const bad = { time: 1.5, event: signedOut({}) }
  await assert.rejects(store.append([{ time: 1, event: signedOut({}) }, bad]))
  assert.deepEqual(await store.list(0, 10), [])
})

testOnEach('records of one transaction that are appended beside each other make one chain', async (sql) => {
  const { append, headOf, inTurn } = createRecording(trailRules)
  const given = Array.from({ length: 40 }, (_, time) =>
    sql.write(
      async (tx) => {
        const [head] = await Promise.all([headOf(tx), tx.get('SELECT 1 AS one')])
        for (let more = 0; more < time % 3; more++) await tx.get('SELECT 1 AS one')
        await append(tx, [{ time, event: signedOut({}) }], head)
        await append(tx, [{ time, event: signedOut({}) }])
      },
      { inTurn, beside: true },
    ),
  )
  await Promise.all(given)
  const report = await verifyChain(createAuditStore(sql, trailRules))
  assert.deepEqual([report.records, report.head.seq, report.broken], [80, 80, undefined])
})

testOnEach('stores that append to one trail at once make one chain', async (sql) => {
  const stores = [1, 2, 3].map(() => createAuditStore(sql, trailRules))
  await Promise.all(
    Array.from({ length: 60 }, (_, time) =>
      stores[time % 3]?.append([
        { time, event: signedOut({}) },
        { time, event: signedOut({ user: 'b' }) },
      ]),
    ),
  )
  const report = await verifyChain(createAuditStore(sql, trailRules))
  assert.deepEqual([report.records, report.head.seq, report.broken], [120, 120, undefined])
})

testOnEach('what an older version left is chained, and found by its patients', async (sql) => {
  const event = JSON.stringify(launchStarted({}, { patient: 'a' }))
  const store = createAuditStore(sql, trailRules)
  await sql.write((tx) =>
    tx.run(
      'INSERT INTO audit (seq, time, event) VALUES (1, 5, ?), (4, 6, \'{"kind":"sign-out","actor":{}}\')',
      event,
    ),
  )
  await store.append([{ time: 7, event: signedOut({}) }])
  await sql.write((tx) => tx.run('INSERT INTO audit (seq, time, event) VALUES (9, 8, ?)', event))
  await store.catchUp()
  assert.deepEqual(
    (await store.links(0, 10)).map(({ seq, hash }) => [seq, hash.length]),
    [
      [1, 64],
      [4, 64],
      [5, 64],
      [9, 64],
    ],
  )
  assert.equal((await verifyChain(store)).broken, undefined)
  assert.deepEqual(await seqs(store, { patients: ['a'] }), [9, 1])
})

async function seqs(store: TrailStore, more: Partial<TrailQuery>): Promise<number[]> {
  const query = { from: 0, to: 1000, newestFirst: true, limit: 100, ...more }
  return (await store.read(query)).map(({ seq }) => seq)
}

testOnEach('records are read by patient and time, newest or oldest first, from any place on', async (sql) => {
  const store = createAuditStore(sql, trailRules)
  // The clock steps back once: the order is that of time.
  const times = [10, 20, 15, 30]
  const patients = ['a', 'b', 'a', 'c']
  await store.append(
    times.map((time, at) => ({ time, event: launchStarted({}, { patient: patients[at] ?? '' }) })),
  )
  assert.deepEqual(await seqs(store, {}), [4, 2, 3, 1])
  assert.deepEqual(await seqs(store, { newestFirst: false }), [1, 3, 2, 4])
  assert.deepEqual(await seqs(store, { patients: ['a'] }), [3, 1])
  assert.deepEqual(await seqs(store, { patients: ['a', 'b', 'none'], limit: 2 }), [2, 3])
  assert.deepEqual(await seqs(store, { patients: [] }), [])
  assert.deepEqual(await seqs(store, { from: 15, to: 20 }), [2, 3])
  assert.deepEqual(await seqs(store, { start: { time: 15, seq: 3 } }), [3, 1])
  assert.deepEqual(await seqs(store, { patients: ['a', 'b'], start: { time: 15, seq: 3 } }), [3, 1])
  assert.deepEqual(await seqs(store, { newestFirst: false, start: { time: 15, seq: 3 } }), [3, 2, 4])
})

testOnEach('the oldest records end when their time is over, and the rest stays verifiable', async (sql) => {
  const store = createAuditStore(sql, trailRules)
  const record = (time: number) => ({ time, event: launchStarted({}, { patient: 'a' }) })
  await store.append([1, 2, 3, 9, 4].map(record))
  assert.equal(await store.expire(5, 2), 2)
  assert.equal(await store.expire(5, 2), 1)
  // Record 5 is old, but it is not at the start.
  assert.equal(await store.expire(5, 2), 0)
  assert.deepEqual(
    (await store.list(0, 10)).map(({ seq }) => seq),
    [4, 5],
  )
  assert.deepEqual(await seqs(store, { patients: ['a'] }), [4, 5])
  assert.equal(await store.expire(10, 10), 2)
  await store.append([record(11)])
  const report = await verifyChain(store)
  assert.deepEqual([report.records, report.head.seq, report.broken], [1, 6, undefined])
})
