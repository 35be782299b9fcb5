/** Rows of authorization codes: written with the end of a flow, read and used up by the grant store. */
import type { CodeRecord } from '../authorization/grant.ts'
import type { Migration } from './migrations.ts'
import type { SqlReader, SqlWriter } from './sql.ts'

export const codeMigrations: readonly Migration[] = [
  {
    id: 'codes-0001',
    sql: `CREATE TABLE codes (
      hash TEXT PRIMARY KEY,
      expires_at INTEGER NOT NULL,
      used_at INTEGER,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX codes_by_expiry ON codes (expires_at)`,
  },
]

/** Adds a code. */
export async function addCode(tx: SqlWriter, code: CodeRecord): Promise<void> {
  await tx.run(
    'INSERT INTO codes (hash, expires_at, data) VALUES (?, ?, ?)',
    code.hash,
    code.expiresAt,
    JSON.stringify(code),
  )
}

/** The code of that hash, and whether it was used. */
export async function findCode(
  reader: SqlReader,
  hash: string,
): Promise<{ code: CodeRecord; used: boolean } | undefined> {
  const row = await reader.get<{ data: string; used_at: number | null }>(
    'SELECT data, used_at FROM codes WHERE hash = ?',
    hash,
  )
  return row && { code: JSON.parse(row.data), used: row.used_at !== null }
}

/** Marks the code of that hash used; false when there is none, or it was used before. */
export async function useCode(tx: SqlWriter, hash: string, now: number): Promise<boolean> {
  const { changes } = await tx.run(
    'UPDATE codes SET used_at = ? WHERE hash = ? AND used_at IS NULL',
    now,
    hash,
  )
  return changes > 0
}

/** Forgets the codes that somebody could still redeem and that `isMeant`: what is taken back is not given by one that lies ready. Gives how many. */
export async function dropCodes(
  tx: SqlWriter,
  now: number,
  isMeant: (code: CodeRecord) => boolean,
): Promise<number> {
  // There are few: a code lives for a minute.
  const rows = await tx.all<{ data: string }>(
    'SELECT data FROM codes WHERE expires_at > ? AND used_at IS NULL',
    now,
  )
  let dropped = 0
  for (const { data } of rows) {
    const code = JSON.parse(data) as CodeRecord
    if (!isMeant(code)) continue
    dropped += (await tx.run('DELETE FROM codes WHERE hash = ? AND used_at IS NULL', code.hash)).changes
  }
  return dropped
}
