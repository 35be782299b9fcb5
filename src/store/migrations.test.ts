import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { type Migration, migrate } from './migrations.ts'
import { prepareSchema } from './schema.ts'
import type { Sql } from './sql.ts'

const notes: Migration = { id: 'notes-0001', sql: 'CREATE TABLE notes (text TEXT NOT NULL) STRICT' }
const mark: Migration = {
  id: 'notes-0002',
  sql: "ALTER TABLE notes ADD COLUMN mark TEXT NOT NULL DEFAULT 'new'",
}

testOnEach('a migration is applied once, and later ones to what is there', async (sql) => {
  await migrate(sql, [notes])
  await sql.write((tx) => tx.run("INSERT INTO notes (text) VALUES ('kept')"))
  await migrate(sql, [notes, mark])
  assert.deepEqual(
    { ...(await sql.get<object>('SELECT text, mark FROM notes')) },
    { text: 'kept', mark: 'new' },
  )
})

testOnEach('a migration that fails changes nothing and is not remembered', async (sql) => {
  const half = 'CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER)'
  await assert.rejects(migrate(sql, [{ id: 'bad-0001', sql: half }]))
  assert.equal(await sql.get("SELECT id FROM migrations WHERE id = 'bad-0001'"), undefined)
  await migrate(sql, [{ id: 'good-0001', sql: 'CREATE TABLE half (id INTEGER)' }])
})

testOnEach('two that start at once apply each migration once', async (sql) => {
  await Promise.all([migrate(sql, [notes, mark]), migrate(sql, [notes, mark])])
  assert.deepEqual(await sql.all('SELECT text FROM notes'), [])
})

testOnEach('a database that cannot say what it has had is not taken for a new one', async (sql) => {
  await sql.write((tx) => tx.run("INSERT INTO migrations (id) VALUES ('future-0001')"))
  let asked = 0
  const failsOnce: Sql = {
    ...sql,
    all: (text, ...values) =>
      ++asked === 1 ? Promise.reject(new Error('the connection is gone')) : sql.all(text, ...values),
  }
  await assert.rejects(prepareSchema(failsOnce), /the connection is gone/)
  await assert.rejects(prepareSchema(sql), /written by a newer Chartkey \(future-0001\)/)
})
