import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openEmpty } from '../../../test/fixtures/databases.ts'
import type { Sql } from '../sql.ts'

/** More than there are connections in all. */
const many = Array.from({ length: 24 }, (_, at) => at)
const lock = 'SELECT pg_advisory_xact_lock(2)'

/** It goes on until the lock is free. Of a text of its own each time, and with what asks for a plan of its own: so it is with searches. */
const search = (sql: Sql, at: number) =>
  sql.all<{ at: number }>(`SELECT ${at} AS at FROM (${lock} OFFSET 0) held /* * */`)

/** Holds the lock as long as `work` goes on. */
async function locked(sql: Sql, work: () => Promise<void>): Promise<void> {
  const taken = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  const holding = sql.write(async (tx) => {
    await tx.get(`SELECT 1 AS got FROM (${lock}) held`)
    taken.resolve()
    await free.promise
  })
  await taken.promise
  await work().finally(free.resolve)
  await holding
}

test('searches that take long leave connections to everybody else, and all of them are answered', async () => {
  const sql = await openEmpty('PostgreSQL')
  const one = 'SELECT 1 AS one'
  let found: ReturnType<typeof search>[] = []
  await locked(sql, async () => {
    found = many.map((at) => search(sql, at))
    await setTimeout(200)
    assert.deepEqual(await sql.get(one), { one: 1 })
    assert.equal(await sql.isReady(), true)
    assert.deepEqual(await sql.write((tx) => tx.get(one), { inTurn: 'replays' }), { one: 1 })
    assert.deepEqual(await sql.write((tx) => tx.get(one)), { one: 1 })
  })
  const rows = (await Promise.all(found)).flat().map(({ at }) => at)
  assert.deepEqual(
    rows.toSorted((a, b) => a - b),
    many,
  )
})
