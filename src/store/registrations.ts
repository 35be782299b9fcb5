/** Registrations of apps and initial access tokens. What changes an app is one transaction with its record in the trail. */
import type {
  InitialToken,
  RegisteredApp,
  Registration,
  RegistrationStore,
} from '../authorization/registration/ports.ts'
import type { Recording } from './audit.ts'
import { insertClient, parseClient, updateClient } from './clients.ts'
import type { DecisionRecords, DecisionWriter } from './decision-records.ts'
import {
  addInitialToken,
  findInitialToken,
  listInitialTokens,
  revokeInitialToken,
  useInitialToken,
} from './initial-tokens.ts'
import type { Migration } from './migrations.ts'
import { forgetApp } from './remembered-consents.ts'
import type { Sql, SqlReader, SqlWriter } from './sql.ts'

export const registrationMigrations: readonly Migration[] = [
  {
    id: 'registrations-0001',
    sql: `CREATE TABLE registrations (
      client_id TEXT PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
      waiting INTEGER NOT NULL,
      document_fetched_at INTEGER,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX registrations_waiting ON registrations (waiting);
    CREATE INDEX registrations_by_document ON registrations (document_fetched_at);
    CREATE INDEX grants_by_client ON grants (client_id);
    CREATE TABLE initial_tokens (
      id TEXT PRIMARY KEY,
      hash TEXT NOT NULL UNIQUE,
      expires_at INTEGER NOT NULL,
      uses_left INTEGER NOT NULL,
      revoked_at INTEGER,
      created_at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
  },
]

interface AppRow {
  readonly client: string
  readonly registration: string | null
}

const apps = `SELECT c.data AS client, r.data AS registration
  FROM clients c LEFT JOIN registrations r ON r.client_id = c.id`

/** The store over a database that has its tables and those of clients and grants. */
export function createRegistrationStore(
  sql: Sql,
  { append, inTurn }: Recording,
  decisions: DecisionRecords,
): RegistrationStore {
  return {
    find: (id) => findApp(sql, id),
    list: async () => (await sql.all<AppRow>(`${apps} ORDER BY c.created_at, c.id`)).map(appOf),
    add: (app, told, now, { initialToken, mostWaiting } = {}) =>
      sql.write(
        async (tx) => {
          if (!(await hasRoom(tx, app, mostWaiting))) return 'full'
          if (initialToken !== undefined && !(await useInitialToken(tx, initialToken, now)))
            return 'token-over'
          await insertClient(tx, app.client)
          await putRegistration(tx, app)
          await append(tx, [{ time: now, event: told }])
          return 'added'
        },
        { inTurn },
      ),
    addIfAbsent: (app, told, now, { mostWaiting }) =>
      sql.write(
        async (tx) => {
          if (await findApp(tx, app.client.id)) return 'known'
          if (!(await hasRoom(tx, app, mostWaiting))) return 'full'
          await insertClient(tx, app.client)
          await putRegistration(tx, app)
          await append(tx, [{ time: now, event: told }])
          return 'added'
        },
        { inTurn },
      ),
    async keepFresh(id, document) {
      await sql.write(async (tx) => {
        const app = await findApp(tx, id)
        if (app) await putRegistration(tx, { ...app, registration: { ...app.registration, document } })
      })
    },
    change: (id, now, decide) =>
      decisions.write(
        async (tx, records) => {
          const current = await findApp(tx, id)
          const change = current && decide(current)
          if (!change) return undefined
          await append(tx, [{ time: now, event: change.told }])
          if ('remove' in change) await removeApp(tx, records, id, now)
          else {
            await updateClient(tx, change.app.client)
            await putRegistration(tx, change.app)
          }
          return 'remove' in change ? current : change.app
        },
        { inTurn },
      ),
    findInitialToken: (hash) => findInitialToken(sql, hash),
    listInitialTokens: () => listInitialTokens(sql),
    addInitialToken: (token: InitialToken, told) =>
      sql.write(
        async (tx) => {
          await addInitialToken(tx, token)
          await append(tx, [{ time: token.createdAt, event: told }])
        },
        { inTurn },
      ),
    revokeInitialToken: (id, now, told) =>
      sql.write(
        async (tx) => {
          if (!(await revokeInitialToken(tx, id, now))) return false
          await append(tx, [{ time: now, event: told }])
          return true
        },
        { inTurn },
      ),
    sweep: (before) => decisions.write((tx, records) => sweep(tx, records, before), { inTurn }),
  }
}

/** Counted in the turn in which it is added: of many that come at once, no more than there is room for see room. */
async function hasRoom(tx: SqlReader, { client }: RegisteredApp, most: number | undefined): Promise<boolean> {
  if (most === undefined || client.approval !== 'waiting') return true
  const row = await tx.get<{ n: number }>('SELECT count(*) AS n FROM registrations WHERE waiting = 1')
  return Number(row?.n ?? 0) < most
}

async function findApp(sql: SqlReader, id: string): Promise<RegisteredApp | undefined> {
  const row = await sql.get<AppRow>(`${apps} WHERE c.id = ?`, id)
  return row && appOf(row)
}

function appOf({ client, registration }: AppRow): RegisteredApp {
  return {
    client: parseClient({ data: client }),
    registration:
      registration === null ? { origin: 'administrator' } : (JSON.parse(registration) as Registration),
  }
}

async function putRegistration(tx: SqlWriter, { client, registration }: RegisteredApp): Promise<void> {
  await tx.run('DELETE FROM registrations WHERE client_id = ?', client.id)
  await tx.run(
    'INSERT INTO registrations (client_id, waiting, document_fetched_at, data) VALUES (?, ?, ?, ?)',
    client.id,
    client.approval === 'waiting' ? 1 : 0,
    registration.document?.fetchedAt ?? null,
    JSON.stringify(registration),
  )
}

/** What it holds ends with it, on the record of each grant as well: the app's id is never given again, but a document may bring back its own. */
async function removeApp(tx: SqlWriter, records: DecisionWriter, id: string, now: number): Promise<void> {
  await forgetApp(tx, records, id, now)
  await tx.run('UPDATE grants SET ended_at = ? WHERE client_id = ? AND ended_at IS NULL', now, id)
  await tx.run('DELETE FROM registrations WHERE client_id = ?', id)
  await tx.run('DELETE FROM client_origins WHERE client_id = ?', id)
  await tx.run('DELETE FROM clients WHERE id = ?', id)
}

/** An administrator's decision on a document is kept for good, and so is an app that anybody gave anything. */
async function sweep(tx: SqlWriter, records: DecisionWriter, before: number): Promise<void> {
  await tx.run(
    'DELETE FROM initial_tokens WHERE expires_at <= ? OR uses_left <= 0 AND created_at <= ? OR revoked_at <= ?',
    ...[before, before, before],
  )
  const rows = await tx.all<{ client_id: string; data: string }>(
    `SELECT r.client_id, c.data FROM registrations r JOIN clients c ON c.id = r.client_id
      WHERE r.document_fetched_at <= ? AND NOT EXISTS (SELECT 1 FROM grants g WHERE g.client_id = r.client_id)`,
    before,
  )
  for (const { client_id, data } of rows) {
    const { disabled, approval } = parseClient({ data })
    if (!disabled || approval === 'waiting') await removeApp(tx, records, client_id, before)
  }
}
