/** Sessions. */
import type { StoredSession } from '../identity/account.ts'
import type { SessionStore } from '../identity/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlValue } from './sql.ts'

export const sessionMigrations: readonly Migration[] = [
  {
    id: 'sessions-0001',
    sql: `CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      account_id TEXT NOT NULL,
      signed_in_at INTEGER NOT NULL,
      used_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_account ON sessions (account_id);
    CREATE INDEX sessions_by_use ON sessions (used_at)`,
  },
]

interface SessionRow {
  readonly id: string
  readonly account_id: string
  readonly signed_in_at: number
  readonly used_at: number
}

/** The session store over a database that has its table. */
export function createSessionStore(sql: Sql): SessionStore {
  const change = (text: string, ...values: SqlValue[]) => sql.write((tx) => tx.run(text, ...values))
  return {
    async add({ id, accountId, signedInAt, usedAt }) {
      await change(
        'INSERT INTO sessions (id, account_id, signed_in_at, used_at) VALUES (?, ?, ?, ?)',
        id,
        accountId,
        signedInAt,
        usedAt,
      )
    },
    find: async (id) => sessionOf(await sql.get<SessionRow>('SELECT * FROM sessions WHERE id = ?', id)),
    async touch(id, usedAt) {
      await change('UPDATE sessions SET used_at = ? WHERE id = ? AND used_at < ?', usedAt, id, usedAt)
    },
    async remove(id) {
      await change('DELETE FROM sessions WHERE id = ?', id)
    },
    async removeOf(accountId) {
      await change('DELETE FROM sessions WHERE account_id = ?', accountId)
    },
    async sweep(signedInBefore, usedBefore) {
      await change('DELETE FROM sessions WHERE signed_in_at <= ? OR used_at <= ?', signedInBefore, usedBefore)
    },
  }
}

function sessionOf(row: SessionRow | undefined): StoredSession | undefined {
  if (!row) return undefined
  return { id: row.id, accountId: row.account_id, signedInAt: row.signed_in_at, usedAt: row.used_at }
}
