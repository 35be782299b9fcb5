/** Visits to providers, and newcomers who came back from one. */
import type { Newcomer, Visit, VisitStore } from '../identity/providers/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'
import { removeExpired } from './sweeping.ts'

export const visitMigrations: readonly Migration[] = [
  {
    id: 'visits-0001',
    sql: `CREATE TABLE visits (
      hash TEXT PRIMARY KEY,
      browser TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX visits_by_expiry ON visits (expires_at);
    CREATE TABLE newcomers (
      hash TEXT PRIMARY KEY,
      expires_at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX newcomers_by_expiry ON newcomers (expires_at)`,
  },
]

interface Row {
  readonly data: string
}

/** The store of visits over a database that has its tables. */
export function createVisitStore(sql: Sql): VisitStore {
  return {
    async add(visit) {
      const { hash, browser, expiresAt } = visit
      const text = 'INSERT INTO visits (hash, browser, expires_at, data) VALUES (?, ?, ?, ?)'
      await sql.write((tx) => tx.run(text, hash, browser, expiresAt, JSON.stringify(visit)))
    },
    async take(hash, browser, now) {
      // One statement, so that of two takers at once only one finds a row to delete.
      const text = 'DELETE FROM visits WHERE hash = ? AND browser = ? AND expires_at > ? RETURNING data'
      const row = await sql.write((tx) => tx.get<Row>(text, hash, browser, now))
      return row && (JSON.parse(row.data) as Visit)
    },
    async keepNewcomer(newcomer) {
      // Whoever came back last in a browser is who stands there.
      const { hash, expiresAt } = newcomer
      const text = `INSERT INTO newcomers (hash, expires_at, data) VALUES (?, ?, ?)
        ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at, data = excluded.data`
      await sql.write((tx) => tx.run(text, hash, expiresAt, JSON.stringify(newcomer)))
    },
    async findNewcomer(hash, now) {
      const text = 'SELECT data FROM newcomers WHERE hash = ? AND expires_at > ?'
      const row = await sql.get<Row>(text, hash, now)
      return row && (JSON.parse(row.data) as Newcomer)
    },
    async sweep(now) {
      await removeExpired(sql, 'visits', 'hash', now)
      await removeExpired(sql, 'newcomers', 'hash', now)
    },
  }
}
