/** Running authorizations in SQLite. */
import type { FlowStore } from '../authorization/ports.ts'
import { addCode } from './codes.ts'
import { type Migration, migrate } from './migrations.ts'
import type { Database } from './sqlite/database.ts'

const migrations: readonly Migration[] = [
  {
    id: 'flows-0001',
    sql: `CREATE TABLE flows (
      hash TEXT PRIMARY KEY,
      state TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX flows_by_expiry ON flows (expires_at)`,
  },
]

/** The flow store over an open database; makes its table if need be. Codes need the grant store's tables. */
export function createFlowStore(db: Database): FlowStore {
  migrate(db, migrations)
  return {
    async add(flow) {
      const values = [flow.hash, flow.state, flow.expiresAt, JSON.stringify(flow)]
      await db.together(() =>
        db.run('INSERT INTO flows (hash, state, expires_at, data) VALUES (?, ?, ?, ?)', ...values),
      )
    },
    async find(hash) {
      const row = db.get<{ data: string }>('SELECT data FROM flows WHERE hash = ?', hash)
      return row && JSON.parse(row.data)
    },
    move(from, flow, code) {
      return db.together(() => {
        const { changes } = db.run(
          'UPDATE flows SET state = ?, data = ? WHERE hash = ? AND state = ?',
          flow.state,
          JSON.stringify(flow),
          flow.hash,
          from,
        )
        if (changes > 0 && code) addCode(db, code)
        return changes > 0
      })
    },
    async sweep(now) {
      db.run('DELETE FROM flows WHERE expires_at <= ?', now)
    },
  }
}
