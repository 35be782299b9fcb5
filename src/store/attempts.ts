/** Attempts to sign in. */
import type { AttemptStore, Attempts } from '../identity/credential-ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

export const attemptMigrations: readonly Migration[] = [
  {
    id: 'attempts-0001',
    sql: `CREATE TABLE attempts (
      key_hash TEXT PRIMARY KEY,
      tries INTEGER NOT NULL,
      last_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX attempts_by_time ON attempts (last_at)`,
  },
]

interface AttemptRow {
  readonly key_hash: string
  readonly tries: number
  readonly last_at: number
}

/** The attempt store over a database that has its table. */
export function createAttemptStore(sql: Sql): AttemptStore {
  return {
    change(keys, decide) {
      return sql.write(async (tx) => {
        const before = new Map<string, Attempts>()
        for (const key of keys) {
          const row = await tx.get<AttemptRow>('SELECT * FROM attempts WHERE key_hash = ?', key)
          if (row) before.set(key, { count: row.tries, last: row.last_at })
        }
        const after = decide(before)
        if (after === undefined) return
        for (const key of keys) {
          const left = after.get(key)
          if (left)
            await tx.run(
              `INSERT INTO attempts (key_hash, tries, last_at) VALUES (?, ?, ?)
              ON CONFLICT (key_hash) DO UPDATE SET tries = excluded.tries, last_at = excluded.last_at`,
              key,
              left.count,
              left.last,
            )
          else if (before.has(key)) await tx.run('DELETE FROM attempts WHERE key_hash = ?', key)
        }
      })
    },
    async sweep(before) {
      await sql.write((tx) => tx.run('DELETE FROM attempts WHERE last_at < ?', before))
    },
  }
}
