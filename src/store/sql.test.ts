import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import type { Sql, SqlWriter } from './sql.ts'

async function withNotes(sql: Sql) {
  await sql.write((tx) => tx.script('CREATE TABLE notes (text TEXT PRIMARY KEY, at INTEGER) STRICT'))
  const texts = async () =>
    (await sql.all<{ text: string }>('SELECT text FROM notes ORDER BY text')).map(({ text }) => text)
  const insert = (text: string) => (tx: SqlWriter) => tx.run('INSERT INTO notes (text) VALUES (?)', text)
  return { texts, insert }
}

testOnEach('work that throws leaves nothing behind, and its like of the same turn stays', async (sql) => {
  const { texts, insert } = await withNotes(sql)
  const half = async (tx: SqlWriter) => {
    await insert('half')(tx)
    throw new Error('no further')
  }
  const results = await Promise.allSettled([
    sql.write(insert('a')),
    sql.write(half),
    sql.write(insert('b')),
    sql.write(half, { alone: true }),
    sql.write(insert('c'), { alone: true }),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(await texts(), ['a', 'b', 'c'])
})

testOnEach('who is outside sees nothing of a transaction before it is done', async (sql) => {
  const { texts, insert } = await withNotes(sql)
  let seen: Promise<string[]> | undefined
  const failed = sql.write(async (tx) => {
    await insert('never')(tx)
    seen = texts()
    throw new Error('changed my mind')
  })
  await assert.rejects(failed, /changed my mind/)
  assert.deepEqual(await seen, [])
})

testOnEach('of two that must not both succeed, the second sees what the first did', async (sql) => {
  const { insert } = await withNotes(sql)
  await sql.write(insert('once'))
  const take = async (tx: SqlWriter) => {
    if ((await tx.get('SELECT 1 AS one FROM notes WHERE text = ?', 'once')) === undefined) return 0
    return (await tx.run('DELETE FROM notes WHERE text = ?', 'once')).changes
  }
  const taken = await Promise.all([sql.write(take), sql.write(take)])
  assert.deepEqual(taken.sort(), [0, 1])
})

testOnEach('a writer is of no use when its transaction is over', async (sql) => {
  const { texts, insert } = await withNotes(sql)
  const late = await sql.write(async (tx) => tx)
  await assert.rejects(insert('late')(late), /the transaction is over/)
  assert.deepEqual(await texts(), [])
})

testOnEach('many rows are added at once, and those that are there are left out', async (sql) => {
  const { texts } = await withNotes(sql)
  const rows = Array.from({ length: 20_000 }, (_, at) => [`n${at % 15_000}`.padStart(8), at])
  await sql.write((tx) => tx.insertAll('notes', ['text', 'at'], rows))
  await sql.write((tx) => tx.insertAll('notes', ['text', 'at'], rows.slice(0, 10)))
  await sql.write((tx) => tx.insertAll('notes', ['text', 'at'], []))
  assert.equal((await texts()).length, 15_000)
})

testOnEach('whole numbers come back as they went in, to the largest that are exact', async (sql) => {
  await withNotes(sql)
  for (const at of [0, -1, 8.64e15, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    await sql.write((tx) => tx.run('INSERT INTO notes (text, at) VALUES (?, ?)', String(at), at))
    assert.equal((await sql.get<{ at: number }>('SELECT at FROM notes WHERE text = ?', String(at)))?.at, at)
  }
  await assert.rejects(sql.write((tx) => tx.insertAll('notes', ['text', 'at'], [['half', 0.5]])))
})

testOnEach('text is ordered by its bytes', async (sql) => {
  const { texts, insert } = await withNotes(sql)
  const words = ['b', 'B', 'a', 'ä', 'z', 'Z', '_', '%', '-', '\u{10FFFF}', '\u{FFFD}', 'a b', 'ab']
  for (const word of words) await sql.write(insert(word))
  const bytes = (word: string) => Buffer.from(word)
  assert.deepEqual(
    await texts(),
    words.toSorted((one, other) => bytes(one).compare(bytes(other))),
  )
})

testOnEach('it says that it is ready', async (sql) => {
  assert.equal(await sql.isReady(), true)
})
