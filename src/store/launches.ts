/** EHR launches. */
import type { LaunchHolder, LaunchStore, StoredLaunch } from '../ehr/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'
import { removeExpired } from './sweeping.ts'

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
  // Of a launch that another system started: what signs its user's browser in, once.
  {
    id: 'launches-0002',
    sql: `ALTER TABLE launches ADD COLUMN start_hash TEXT;
    ALTER TABLE launches ADD COLUMN start_expires_at INTEGER;
    CREATE UNIQUE INDEX launches_by_start ON launches (start_hash)`,
  },
  // When its user signed in there.
  { id: 'launches-0003', sql: 'ALTER TABLE launches ADD COLUMN auth_time INTEGER' },
]

/** Of a launch whose browser has not come yet: nobody has a session of that name. */
const noSession = ''

interface LaunchRow {
  readonly handle_hash: string
  readonly client_id: string
  readonly user_id: string
  readonly session_id: string
  readonly start_hash: string | null
  readonly context: string
  readonly expires_at: number
  readonly auth_time: number | null
}

const ofThisHolder =
  "handle_hash = ? AND client_id = ? AND user_id = ? AND session_id = ? AND session_id <> '' AND expires_at > ?"

const startsNow = 'start_hash = ? AND start_expires_at > ? AND expires_at > ?'

/** The launch store over a database that has its table. */
export function createLaunchStore(sql: Sql): LaunchStore {
  return {
    async add(launch, start) {
      await sql.write((tx) =>
        tx.run(
          `INSERT INTO launches (handle_hash, client_id, user_id, session_id, context, expires_at, start_hash, start_expires_at, auth_time)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          launch.handleHash,
          launch.clientId,
          launch.userId,
          launch.sessionId ?? noSession,
          JSON.stringify(launch.context),
          launch.expiresAt,
          start?.hash ?? null,
          start?.expiresAt ?? null,
          launch.authTime ?? null,
        ),
      )
    },
    async findStart(startHash, now) {
      const text = `SELECT * FROM launches WHERE ${startsNow}`
      return launchOf(await sql.get<LaunchRow>(text, startHash, now, now))
    },
    async useStart(startHash, now) {
      // One statement, so that of two browsers that come at once one is signed in.
      const text = `UPDATE launches SET start_hash = NULL WHERE ${startsNow} RETURNING *`
      return launchOf(await sql.write((tx) => tx.get<LaunchRow>(text, startHash, now, now)))
    },
    bind(handleHash, sessionId, now) {
      return sql.write(async (tx) => {
        const { changes } = await tx.run(
          'UPDATE launches SET session_id = ? WHERE handle_hash = ? AND session_id = ? AND start_hash IS NULL AND expires_at > ?',
          sessionId,
          handleHash,
          noSession,
          now,
        )
        return changes > 0
      })
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
    sweep: (now) => removeExpired(sql, 'launches', 'handle_hash', now),
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
    ...(row.session_id !== noSession && { sessionId: row.session_id }),
    context: JSON.parse(row.context),
    expiresAt: row.expires_at,
    ...(row.auth_time !== null && { authTime: row.auth_time }),
  }
}
