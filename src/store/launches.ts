/** EHR launches. */
import type { LaunchHolder, LaunchStore, StoredLaunch } from '../ehr/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

export const launchMigrations: readonly Migration[] = [
  {
    id: 'launches-0001',
    sql: `CREATE TABLE launches (
      handle_hash TEXT PRIMARY KEY,
      client_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      context TEXT NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX launches_by_expiry ON launches (expires_at)`,
  },
]

interface LaunchRow {
  readonly handle_hash: string
  readonly client_id: string
  readonly user_id: string
  readonly session_id: string
  readonly context: string
  readonly expires_at: number
}

const ofThisHolder = 'handle_hash = ? AND client_id = ? AND user_id = ? AND session_id = ? AND expires_at > ?'

/** The launch store over a database that has its table. */
export function createLaunchStore(sql: Sql): LaunchStore {
  return {
    async add(launch) {
      await sql.write((tx) =>
        tx.run(
          'INSERT INTO launches (handle_hash, client_id, user_id, session_id, context, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
          launch.handleHash,
          launch.clientId,
          launch.userId,
          launch.sessionId,
          JSON.stringify(launch.context),
          launch.expiresAt,
        ),
      )
    },
    async find(handleHash, holder, now) {
      return launchOf(
        await sql.get(`SELECT * FROM launches WHERE ${ofThisHolder}`, ...key(handleHash, holder, now)),
      )
    },
    async take(handleHash, holder, now) {
      // One statement, so that of two takers at once only one finds a row to delete.
      const taken = await sql.write((tx) =>
        tx.get<LaunchRow>(
          `DELETE FROM launches WHERE ${ofThisHolder} RETURNING *`,
          ...key(handleHash, holder, now),
        ),
      )
      return launchOf(taken)
    },
    async sweep(now) {
      await sql.write((tx) => tx.run('DELETE FROM launches WHERE expires_at <= ?', now))
    },
  }
}

function key(handleHash: string, holder: LaunchHolder, now: number) {
  return [handleHash, holder.clientId, holder.userId, holder.sessionId, now] as const
}

function launchOf(row: LaunchRow | undefined): StoredLaunch | undefined {
  if (!row) return undefined
  return {
    handleHash: row.handle_hash,
    clientId: row.client_id,
    userId: row.user_id,
    sessionId: row.session_id,
    context: JSON.parse(row.context),
    expiresAt: row.expires_at,
  }
}
