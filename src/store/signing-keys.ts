/** The server's signing keys; who may read the database may sign. */
import type { KeyStore, StoredKey } from '../authorization/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

export const keyMigrations: readonly Migration[] = [
  {
    id: 'signing-keys-0001',
    sql: `CREATE TABLE signing_keys (
      kid TEXT PRIMARY KEY,
      alg TEXT NOT NULL,
      private_key TEXT NOT NULL,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
  },
]

interface KeyRow {
  readonly kid: string
  readonly alg: StoredKey['alg']
  readonly private_key: string
  readonly created_at: number
}

/** The key store over a database that has its table. */
export function createKeyStore(sql: Sql): KeyStore {
  return {
    async list() {
      const rows = await sql.all<KeyRow>('SELECT * FROM signing_keys ORDER BY created_at DESC, kid')
      return rows.map(({ kid, alg, private_key, created_at }) => ({
        kid,
        alg,
        privateKey: private_key,
        createdAt: created_at,
      }))
    },
    async addFirst({ kid, alg, privateKey, createdAt }) {
      // One transaction: of two processes that start at once, one makes the key that both use.
      await sql.write((tx) =>
        tx.run(
          `INSERT INTO signing_keys (kid, alg, private_key, created_at)
           SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE alg = ?)`,
          kid,
          alg,
          privateKey,
          createdAt,
          alg,
        ),
      )
    },
  }
}
