/** The server's signing keys in SQLite; the database's folder is readable by its owner only. */
import type { KeyStore, StoredKey } from '../authorization/ports.ts'
import { type Migration, migrate } from './migrations.ts'
import type { Database } from './sqlite/database.ts'

const migrations: readonly Migration[] = [
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

/** The key store over an open database; makes its table if need be. */
export function createKeyStore(db: Database): KeyStore {
  migrate(db, migrations)
  return {
    async list() {
      const rows = db.all<KeyRow>('SELECT * FROM signing_keys ORDER BY created_at DESC, kid')
      return rows.map(({ kid, alg, private_key, created_at }) => ({
        kid,
        alg,
        privateKey: private_key,
        createdAt: created_at,
      }))
    },
    async addFirst({ kid, alg, privateKey, createdAt }) {
      // One statement: of two processes that start at once, one makes the key that both use.
      db.run(
        `INSERT INTO signing_keys (kid, alg, private_key, created_at)
         SELECT ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE alg = ?)`,
        kid,
        alg,
        privateKey,
        createdAt,
        alg,
      )
    },
  }
}
