import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { newDatabase } from '../../../test/fixtures/lent-databases.ts'
import { type SilentProxy, startSilentProxy } from '../../../test/fixtures/silent-proxy.ts'
import type { Sql } from '../sql.ts'
import { openPostgres } from './sql.ts'

const one = 'SELECT 1 AS one'
const inTurn = 'audit'
const longest = 500

/** A node that gives a statement up after {@link longest}, and what is between it and its database. */
async function openThrough(t: TestContext): Promise<{ sql: Sql; proxy: SilentProxy }> {
  const proxy = await startSilentProxy(await newDatabase())
  const sql = openPostgres(`${proxy.address}?statement_timeout=${longest}`)
  t.after(async () => {
    proxy.close()
    await sql.close()
  })
  return { sql, proxy }
}

/** Of everything that takes a connection. */
const asked = (sql: Sql) => [
  sql.write((tx) => tx.get(one), { inTurn }),
  sql.write((tx) => tx.get(one), { inTurn: 'replays' }),
  sql.write((tx) => tx.get(one)),
  sql.get(one),
  sql.all(one),
]

test('a database that is gone without a word is noticed: who waits is told, and who asks next is answered', async (t) => {
  const { sql, proxy } = await openThrough(t)
  await Promise.all(asked(sql))
  proxy.silence()
  const tooLong = setTimeout(20 * longest, undefined, { ref: false })
  const over = await Promise.race([Promise.allSettled(asked(sql)), tooLong])
  assert.ok(over?.some(({ status }) => status === 'rejected'))
  await Promise.all(asked(sql))
})

test('a connection that waits for less than a statement may take is left alone', async (t) => {
  const { sql } = await openThrough(t)
  const pid = 'SELECT pg_backend_pid() AS pid'
  const [before, after] = await sql.write(async (tx) => {
    const first = await tx.get(pid)
    for (let at = 0; at < 4; at++) await tx.get(`SELECT 1 AS slept FROM pg_sleep(${(0.8 * longest) / 1000})`)
    return [first, await tx.get(pid)]
  })
  assert.deepEqual(after, before)
})

test('much work may wait for as long as it takes', async (t) => {
  const { sql } = await openThrough(t)
  const work = sql.write((tx) => tx.get(`SELECT 1 AS slept FROM pg_sleep(${(5 * longest) / 1000})`), {
    alone: true,
  })
  assert.deepEqual(await work, { slept: 1 })
})
