/** Pushed authorization requests; one is used up in the transaction that begins its flow. */
import type { PushedRequestStore } from '../authorization/pushed-request.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'
import { removeExpired } from './sweeping.ts'

export const pushedRequestMigrations: readonly Migration[] = [
  {
    id: 'pushed-requests-0001',
    sql: `CREATE TABLE pushed_requests (
      hash TEXT PRIMARY KEY,
      expires_at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX pushed_requests_by_expiry ON pushed_requests (expires_at)`,
  },
]

/** The store of pushed requests over a database that has its table. */
export function createPushedRequestStore(sql: Sql): PushedRequestStore {
  return {
    async add(pushed) {
      const values = [pushed.hash, pushed.expiresAt, JSON.stringify(pushed)]
      await sql.write((tx) =>
        tx.run('INSERT INTO pushed_requests (hash, expires_at, data) VALUES (?, ?, ?)', ...values),
      )
    },
    async find(hash) {
      const row = await sql.get<{ data: string }>('SELECT data FROM pushed_requests WHERE hash = ?', hash)
      return row && JSON.parse(row.data)
    },
    sweep: (now) => removeExpired(sql, 'pushed_requests', 'hash', now),
  }
}

/** Uses up a pushed request; false when it was used before. */
export async function usePushedRequest(tx: SqlWriter, hash: string): Promise<boolean> {
  return (await tx.run('DELETE FROM pushed_requests WHERE hash = ?', hash)).changes > 0
}
