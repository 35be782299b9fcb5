import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openEmpty } from '../../../test/fixtures/databases.ts'
import type { Sql } from '../sql.ts'

const many = Array.from({ length: 40 }, (_, at) => at)
const process = 'SELECT pg_backend_pid() AS pid'

const ask = async (sql: Sql, text: string) => (await sql.get<{ pid: number }>(text))?.pid

test('rows that are asked for at once are given over one connection, each to who asked for it', async () => {
  const sql = await openEmpty('PostgreSQL')
  const given = await Promise.all(
    many.map((at) => sql.get<{ pid: number; at: number }>(`${process}, ?::int AS at`, at)),
  )
  assert.deepEqual(
    given.map((row) => row?.at),
    many,
  )
  assert.equal(new Set(given.map((row) => row?.pid)).size, 1)
})

test('a read that fails fails alone', async () => {
  const sql = await openEmpty('PostgreSQL')
  const given = await Promise.allSettled(
    many.map((at) => sql.get<{ one: number }>('SELECT 6 / ?::int AS one', at % 2)),
  )
  for (const [at, { status }] of given.entries()) assert.equal(status, at % 2 ? 'fulfilled' : 'rejected')
})

test('a connection that breaks is told to all who wait for it, and to nobody who asks afterwards', async () => {
  const sql = await openEmpty('PostgreSQL')
  for (const _ of many.slice(0, 5)) {
    const broken = await Promise.allSettled([
      ...many.slice(0, 3).map(() => ask(sql, process)),
      ask(sql, 'SELECT pg_terminate_backend(pg_backend_pid())::int AS pid'),
      ...many.slice(0, 3).map(() => ask(sql, process)),
    ])
    assert.deepEqual(
      broken.slice(3).map(({ status }) => status),
      Array(4).fill('rejected'),
    )
    assert.equal(typeof (await ask(sql, process)), 'number')
  }
})

test('who asks while a row takes long has another connection', async () => {
  const sql = await openEmpty('PostgreSQL')
  const lock = 'SELECT 1 AS got FROM (SELECT pg_advisory_xact_lock(1)) held'
  const taken = Promise.withResolvers<void>()
  const free = Promise.withResolvers<void>()
  const holding = sql.write(async (tx) => {
    await tx.get(lock)
    taken.resolve()
    await free.promise
  })
  await taken.promise
  const slow = sql.get<{ got: number }>(lock)
  // Whoever asked right behind it waits with it; who comes later does not.
  while (!(await Promise.race([ask(sql, process), setTimeout(1)])));
  free.resolve()
  await holding
  assert.deepEqual(await slow, { got: 1 })
})
