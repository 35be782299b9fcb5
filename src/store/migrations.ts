/**
 * Schema changes, forward only: each area keeps an ordered list, a database remembers what it has applied.
 */
import type { Database } from './sqlite/database.ts'

export interface Migration {
  /** Unique in the database and never reused, such as `records-0001`. */
  readonly id: string
  readonly sql: string
}

/** Applies, in order and each in its own transaction, those of `migrations` that the database has not had yet. */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  db.exec('CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID')
  for (const { id, sql } of migrations) applyOnce(db, id, sql)
}

function applyOnce(db: Database, id: string, sql: string): void {
  db.transaction(() => {
    // Asked inside the transaction: two processes may start on one file at once.
    if (db.get('SELECT 1 FROM migrations WHERE id = ?', id)) return
    db.exec(sql)
    db.run('INSERT INTO migrations (id) VALUES (?)', id)
  })
}
