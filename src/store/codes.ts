/** Rows of authorization codes: written with the end of a flow, read and used up by the grant store. */
import type { CodeRecord } from '../authorization/grant.ts'
import type { Migration } from './migrations.ts'
import type { Database } from './sqlite/database.ts'

/** The table of codes; the grant store applies it. */
export const codesMigration: Migration = {
  id: 'codes-0001',
  sql: `CREATE TABLE codes (
    hash TEXT PRIMARY KEY,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    data TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX codes_by_expiry ON codes (expires_at)`,
}

/** Adds a code; to be called in a transaction. */
export function addCode(db: Database, code: CodeRecord): void {
  db.run(
    'INSERT INTO codes (hash, expires_at, data) VALUES (?, ?, ?)',
    code.hash,
    code.expiresAt,
    JSON.stringify(code),
  )
}

/** The code of that hash, and whether it was used. */
export function findCode(db: Database, hash: string): { code: CodeRecord; used: boolean } | undefined {
  const row = db.get<{ data: string; used_at: number | null }>(
    'SELECT data, used_at FROM codes WHERE hash = ?',
    hash,
  )
  return row && { code: JSON.parse(row.data), used: row.used_at !== null }
}

/** Marks a code used; false when it was used before. */
export function useCode(db: Database, hash: string, now: number): boolean {
  return db.run('UPDATE codes SET used_at = ? WHERE hash = ? AND used_at IS NULL', now, hash).changes > 0
}
