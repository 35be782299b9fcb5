import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEmpty } from '../../../test/fixtures/databases.ts'
import type { Sql } from '../sql.ts'

const many = Array.from({ length: 40 }, (_, at) => at)
const divided = 'SELECT 6 / ?::int AS one'
const backend = 'SELECT pg_backend_pid() AS pid'

/** Statements are prepared once they are asked often, and from then on several have one end. */
async function prepare(sql: Sql, ...texts: string[]): Promise<void> {
  for (const text of texts)
    for (const _ of many.slice(0, 6)) await sql.get(text, ...(text.includes('?') ? [3] : []))
}

const ofAll = (outcomes: readonly PromiseSettledResult<unknown>[]) => outcomes.map(({ status }) => status)

test('each of many that have one end is given what it asked for: numbers, nothing, no row, and any character', async () => {
  const sql = await openEmpty('PostgreSQL')
  const text = "SELECT ?::bigint AS at, ?::text AS word, NULL AS nothing WHERE ?::text <> 'none'"
  const words = ['', "it's", '"', 'ä小', 'none', 'null', '\\']
  for (const _ of [1, 2, 3]) {
    const given = await Promise.all(
      words.map((word, at) => sql.get(text, Number.MAX_SAFE_INTEGER - at, word, word)),
    )
    const wanted = words.map((word, at) => ({ at: Number.MAX_SAFE_INTEGER - at, word, nothing: null }))
    assert.deepEqual(
      given,
      wanted.map((row) => (row.word === 'none' ? undefined : row)),
    )
  }
})

test('a prepared read that is refused is refused alone, and those behind it are answered', async () => {
  const sql = await openEmpty('PostgreSQL')
  await prepare(sql, divided)
  for (const every of [2, 3, 40]) {
    const given = await Promise.allSettled(many.map((at) => sql.get(divided, at % every)))
    assert.deepEqual(
      ofAll(given),
      many.map((at) => (at % every ? 'fulfilled' : 'rejected')),
    )
    assert.deepEqual(given[1], { status: 'fulfilled', value: { one: 6 } })
  }
})

test('a number that is too great for a number is refused alone', async () => {
  const sql = await openEmpty('PostgreSQL')
  const text = 'SELECT ?::bigint * 1000 AS at'
  await prepare(sql, text)
  const given = await Promise.allSettled([1, Number.MAX_SAFE_INTEGER, 2].map((at) => sql.get(text, at)))
  assert.deepEqual(ofAll(given), ['fulfilled', 'rejected', 'fulfilled'])
  assert.deepEqual(given[2], { status: 'fulfilled', value: { at: 2000 } })
})

test('a connection that breaks is told to all whose prepared reads were under way, and to nobody afterwards', async () => {
  const sql = await openEmpty('PostgreSQL')
  const broken = 'SELECT pg_terminate_backend(pg_backend_pid()) AS gone WHERE ?::int = 1'
  await prepare(sql, broken, backend)
  const given = await Promise.allSettled([
    ...many.slice(0, 3).map(() => sql.get(backend)),
    sql.get(broken, 1),
    ...many.slice(0, 3).map(() => sql.get(backend)),
  ])
  assert.deepEqual(ofAll(given).slice(3), Array(4).fill('rejected'))
  assert.equal(typeof (await sql.get<{ pid: number }>(backend))?.pid, 'number')
})

test('in a transaction what is sent with a refused statement is not carried out, and is told of that refusal', async () => {
  const sql = await openEmpty('PostgreSQL')
  await sql.write((tx) => tx.script('CREATE TABLE notes (text TEXT PRIMARY KEY) STRICT'))
  const insert = 'INSERT INTO notes (text) VALUES (?)'
  const turn = { inTurn: 'notes', beside: true }
  const add = (text: string) => sql.write((tx) => tx.run(insert, text), turn)
  for (const at of many.slice(0, 8)) await add(`before ${at}`)
  const refused = sql.write(async (tx) => {
    const told = await Promise.allSettled(['a', 'before 1', 'b'].map((text) => tx.run(insert, text)))
    const codes = told.map((one) => one.status === 'rejected' && one.reason.code)
    assert.deepEqual(codes, [false, '23505', '23505'])
    throw new Error('no further')
  })
  await assert.rejects(refused, /no further/)
  assert.deepEqual(ofAll(await Promise.allSettled(['c', 'before 2', 'd'].map(add))), [
    'fulfilled',
    'rejected',
    'fulfilled',
  ])
  const rows = await sql.all<{ text: string }>("SELECT text FROM notes WHERE text NOT LIKE 'before %'")
  assert.deepEqual(rows.map(({ text }) => text).toSorted(), ['c', 'd'])
})
