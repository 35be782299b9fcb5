import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { migrate } from '../migrations.ts'
import { openDatabase } from './database.ts'

const notes = [
  { id: 'notes-0001', sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT' },
]

test('a transaction that throws leaves nothing behind', () => {
  const db = openDatabase(':memory:')
  migrate(db, notes)
  assert.throws(() =>
    db.transaction(() => {
      db.run('INSERT INTO notes (text) VALUES (?)', 'lost')
      throw new Error('changed my mind')
    }),
  )
  assert.deepEqual(db.all('SELECT text FROM notes'), [])
  assert.equal(db.inTransaction, false)
  db.close()
})

test('asynchronous work is refused and rolled back', () => {
  const db = openDatabase(':memory:')
  migrate(db, notes)
  assert.throws(
    () => db.transaction(async () => db.run('INSERT INTO notes (text) VALUES (?)', 'late')),
    TypeError,
  )
  assert.deepEqual(db.all('SELECT text FROM notes'), [])
  db.close()
})

test('what was committed is there after reopening, and a migration is applied once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-database-'))
  const first = openDatabase(folder)
  migrate(first, notes)
  first.run('INSERT INTO notes (text) VALUES (?)', 'kept')
  first.close()
  const second = openDatabase(folder)
  migrate(second, [
    ...notes,
    { id: 'notes-0002', sql: "ALTER TABLE notes ADD COLUMN mark TEXT NOT NULL DEFAULT 'new'" },
  ])
  assert.deepEqual({ ...second.get<object>('SELECT text, mark FROM notes') }, { text: 'kept', mark: 'new' })
  // Commits themselves wait for no disk; the log does (write-ahead-log.test.ts).
  assert.equal(second.get<{ mode: number }>('SELECT synchronous AS mode FROM pragma_synchronous')?.mode, 1)
  second.close()
  rmSync(folder, { recursive: true })
})

test('a migration that fails is not remembered', () => {
  const db = openDatabase(':memory:')
  assert.throws(() =>
    migrate(db, [{ id: 'bad-0001', sql: 'CREATE TABLE half (id INTEGER); CREATE TABLE half (id INTEGER)' }]),
  )
  assert.deepEqual(db.all("SELECT name FROM sqlite_master WHERE name = 'half'"), [])
  assert.deepEqual(db.all('SELECT id FROM migrations'), [])
  db.close()
})
