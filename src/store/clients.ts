/** Registered apps in SQLite. */
import type { Client } from '../authorization/client.ts'
import type { ClientStore } from '../authorization/ports.ts'
import { type Migration, migrate } from './migrations.ts'
import type { Database } from './sqlite/database.ts'

const migrations: readonly Migration[] = [
  {
    id: 'clients-0001',
    sql: `CREATE TABLE clients (
      id TEXT PRIMARY KEY,
      disabled INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE client_origins (
      origin TEXT NOT NULL,
      client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
      PRIMARY KEY (origin, client_id)
    ) STRICT, WITHOUT ROWID`,
  },
]

interface ClientRow {
  readonly data: string
}

/** The client store over an open database; makes its tables if need be. */
export function createClientStore(db: Database): ClientStore {
  migrate(db, migrations)
  return {
    async find(id) {
      return clientOf(db.get('SELECT data FROM clients WHERE id = ?', id))
    },
    async add(client) {
      db.transaction(() => {
        const values = [client.id, client.disabled ? 1 : 0, client.createdAt, JSON.stringify(client)]
        db.run('INSERT INTO clients (id, disabled, created_at, data) VALUES (?, ?, ?, ?)', ...values)
        addOrigins(db, client)
      })
    },
    async replace(client) {
      return db.transaction(() => {
        const { changes } = db.run(
          'UPDATE clients SET disabled = ?, data = ? WHERE id = ?',
          client.disabled ? 1 : 0,
          JSON.stringify(client),
          client.id,
        )
        db.run('DELETE FROM client_origins WHERE client_id = ?', client.id)
        if (changes > 0) addOrigins(db, client)
        return changes > 0
      })
    },
    async list() {
      const rows = db.all<ClientRow>('SELECT data FROM clients ORDER BY created_at, id')
      return rows.map(({ data }) => JSON.parse(data))
    },
    async hasOrigin(origin) {
      return db.get('SELECT 1 FROM client_origins WHERE origin = ? LIMIT 1', origin) !== undefined
    },
  }
}

/** A disabled app's pages may call nothing. */
function addOrigins(db: Database, { id, redirectUris, disabled }: Client): void {
  const origins = disabled ? [] : redirectUris.map(originOf).filter((origin) => origin !== undefined)
  for (const origin of new Set(origins)) {
    db.run('INSERT INTO client_origins (origin, client_id) VALUES (?, ?)', origin, id)
  }
}

/** A private-use scheme has no origin that a browser would name. */
function originOf(uri: string): string | undefined {
  const origin = URL.canParse(uri) ? new URL(uri).origin : 'null'
  return origin === 'null' ? undefined : origin
}

function clientOf(row: ClientRow | undefined): Client | undefined {
  return row && JSON.parse(row.data)
}
