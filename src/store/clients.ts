/** Registered apps. */
import type { Client } from '../authorization/client.ts'
import type { ClientStore } from '../authorization/ports.ts'
import { trailTurn } from './audit.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'

export const clientMigrations: readonly Migration[] = [
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

/** So many apps are kept read. */
const mostRead = 1000

interface ClientRow {
  readonly data: string
}

/** An app of a metadata document has the document's address as its id, and no other app has an address. */
const isRegistered = "lower(client_id) NOT LIKE 'http:%' AND lower(client_id) NOT LIKE 'https:%'"

/** The client store over a database that has its tables. */
export function createClientStore(sql: Sql): ClientStore {
  const read = createClientReader()
  return {
    async find(id) {
      const row = await sql.get<ClientRow>('SELECT data FROM clients WHERE id = ?', id)
      return row && read(id, row)
    },
    async add(client) {
      await sql.write((tx) => insertClient(tx, client))
    },
    change: (id, decide) =>
      sql.write(
        async (tx) => {
          const before = clientOf(await tx.get('SELECT data FROM clients WHERE id = ?', id))
          return before !== undefined && updateClient(tx, decide(before))
        },
        { inTurn: trailTurn },
      ),
    async list() {
      const rows = await sql.all<ClientRow>('SELECT data FROM clients ORDER BY created_at, id')
      return rows.map(parseClient)
    },
    async hasOrigin(origin, of = 'any') {
      const text = 'SELECT 1 AS found FROM client_origins WHERE origin = ?'
      return (await sql.get(of === 'any' ? text : `${text} AND ${isRegistered}`, origin)) !== undefined
    },
  }
}

/** Adds a client within a transaction. */
export async function insertClient(tx: SqlWriter, client: Client): Promise<void> {
  const values = [client.id, client.disabled ? 1 : 0, client.createdAt, JSON.stringify(client)]
  await tx.run('INSERT INTO clients (id, disabled, created_at, data) VALUES (?, ?, ?, ?)', ...values)
  await addOrigins(tx, client)
}

/** Replaces the client of that id within a transaction; false when there is none. */
export async function updateClient(tx: SqlWriter, client: Client): Promise<boolean> {
  const { changes } = await tx.run(
    'UPDATE clients SET disabled = ?, data = ? WHERE id = ?',
    client.disabled ? 1 : 0,
    JSON.stringify(client),
    client.id,
  )
  await tx.run('DELETE FROM client_origins WHERE client_id = ?', client.id)
  if (changes > 0) await addOrigins(tx, client)
  return changes > 0
}

/** A disabled app's pages may call nothing. */
async function addOrigins(tx: SqlWriter, { id, redirectUris, disabled }: Client): Promise<void> {
  const origins = disabled ? [] : redirectUris.map(originOf).filter((origin) => origin !== undefined)
  const rows = origins.map((origin) => [origin, id])
  await tx.insertAll('client_origins', ['origin', 'client_id'], rows)
}

/** A private-use scheme has no origin that a browser would name. */
function originOf(uri: string): string | undefined {
  const origin = URL.canParse(uri) ? new URL(uri).origin : 'null'
  return origin === 'null' ? undefined : origin
}

function clientOf(row: ClientRow | undefined): Client | undefined {
  return row && parseClient(row)
}

/** Reads clients, and knows those that it read lately as long as their text is the same. */
function createClientReader(): (id: string, row: ClientRow) => Client {
  const read = new Map<string, { readonly data: string; readonly client: Client }>()
  return (id, row) => {
    const before = read.get(id)
    if (before?.data === row.data) return before.client
    const client = parseClient(row)
    if (!before && read.size >= mostRead) read.delete(read.keys().next().value as string)
    read.set(id, { data: row.data, client })
    return client
  }
}

/** The client of a row; one of before secrets could be rotated has one hash in the place of the list. */
export function parseClient({ data }: ClientRow): Client {
  const { secretHash, ...client } = JSON.parse(data) as Client & { readonly secretHash?: string }
  return secretHash === undefined
    ? client
    : { secrets: [{ hash: secretHash, createdAt: client.createdAt }], ...client }
}
