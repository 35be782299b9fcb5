/** Sessions. */
import type { AsProven, StoredSession } from '../identity/account.ts'
import type { SessionStore } from '../identity/ports.ts'
import { holdAsProven } from './accounts.ts'
import { trailTurn } from './audit.ts'
import { endSessions } from './end-sessions.ts'
import type { Migration } from './migrations.ts'
import { isEndedThere } from './provider-sessions.ts'
import type { Sql, SqlValue, SqlWriter } from './sql.ts'

export const sessionMigrations: readonly Migration[] = [
  {
    id: 'sessions-0001',
    sql: `CREATE TABLE sessions (
      id TEXT PRIMARY KEY,
      account_id TEXT NOT NULL,
      signed_in_at INTEGER NOT NULL,
      used_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sessions_by_account ON sessions (account_id);
    CREATE INDEX sessions_by_use ON sessions (used_at)`,
  },
  {
    id: 'sessions-0002',
    // Until now a session was named by the hash of its secret; how its person signed in was with a password.
    sql: `ALTER TABLE sessions ADD COLUMN secret_hash TEXT NOT NULL DEFAULT '';
    ALTER TABLE sessions ADD COLUMN methods TEXT NOT NULL DEFAULT 'pwd';
    ALTER TABLE sessions ADD COLUMN agent TEXT;
    ALTER TABLE sessions ADD COLUMN address TEXT;
    UPDATE sessions SET secret_hash = id;
    CREATE UNIQUE INDEX sessions_by_secret ON sessions (secret_hash)`,
  },
]

interface SessionRow {
  readonly id: string
  readonly secret_hash: string
  readonly account_id: string
  readonly signed_in_at: number
  readonly used_at: number
  readonly methods: string
  readonly agent: string | null
  readonly address: string | null
  readonly provider_issuer: string | null
  readonly provider_subject: string | null
  readonly provider_sid: string | null
  readonly authenticated_at: number | null
}

/** The session store over a database that has its table. */
export function createSessionStore(sql: Sql): SessionStore {
  const change = (text: string, ...values: SqlValue[]) => sql.write((tx) => tx.run(text, ...values))
  const one = async (condition: string, value: string) => {
    const row = await sql.get<SessionRow>(`SELECT * FROM sessions WHERE ${condition}`, value)
    return row && sessionOf(row)
  }
  /**
   * What ends sessions is decided by the database: one that is on its way is ended by it, or does not begin. Disconnecting,
   * and what a provider ends, take their turns as well.
   */
  function asProven(
    { provider }: StoredSession,
    proven: AsProven,
    work: (tx: SqlWriter) => Promise<boolean>,
  ): Promise<boolean> {
    if (!provider) return sql.write(async (tx) => (await holdAsProven(tx, proven)) && work(tx))
    return sql.write(
      async (tx) => {
        const text = 'SELECT 1 AS linked FROM identities WHERE account_id = ? AND issuer = ?'
        const linked = (await tx.get(text, proven.id, provider.issuer)) !== undefined
        const isStill = linked && !(await isEndedThere(tx, provider))
        return isStill && (await holdAsProven(tx, proven)) && work(tx)
      },
      { inTurn: trailTurn },
    )
  }
  return {
    add: (session, proven) =>
      asProven(session, proven, async (tx) => {
        await tx.run(
          `INSERT INTO sessions (secret_hash, account_id, signed_in_at, used_at, methods, agent, address,
          provider_issuer, provider_subject, provider_sid, authenticated_at, id)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          ...valuesOf(session),
        )
        return true
      }),
    find: (id) => one('id = ?', id),
    async timesOf(id) {
      const row = await sql.get<Pick<SessionRow, 'signed_in_at' | 'used_at'>>(
        `SELECT s.signed_in_at, s.used_at FROM sessions s JOIN accounts a ON a.id = s.account_id
         WHERE s.id = ? AND a.disabled = 0`,
        id,
      )
      return row && { signedInAt: row.signed_in_at, usedAt: row.used_at }
    },
    findBySecret: (secretHash) => one('secret_hash = ?', secretHash),
    async listOf(accountId) {
      const rows = await sql.all<SessionRow>(
        'SELECT * FROM sessions WHERE account_id = ? ORDER BY used_at DESC, id',
        accountId,
      )
      return rows.map(sessionOf)
    },
    renew: (secretHash, session, proven) =>
      asProven(session, proven, async (tx) => {
        const { changes } = await tx.run(
          `UPDATE sessions SET secret_hash = ?, account_id = ?, signed_in_at = ?, used_at = ?, methods = ?, agent = ?,
          address = ?, provider_issuer = ?, provider_subject = ?, provider_sid = ?, authenticated_at = ?
          WHERE id = ? AND secret_hash = ?`,
          ...valuesOf(session),
          secretHash,
        )
        return changes > 0
      }),
    async touch(id, usedAt) {
      await change('UPDATE sessions SET used_at = ? WHERE id = ? AND used_at < ?', usedAt, id, usedAt)
    },
    async remove(id) {
      await sql.write((tx) => endSessions(tx, 'id = ?', id))
    },
    async removeOf(accountId, exceptId = '') {
      await sql.write((tx) => endSessions(tx, 'account_id = ? AND id <> ?', accountId, exceptId))
    },
    async sweep(signedInBefore, usedBefore) {
      await change('DELETE FROM sessions WHERE signed_in_at <= ? OR used_at <= ?', signedInBefore, usedBefore)
    },
  }
}

function valuesOf(session: StoredSession): SqlValue[] {
  const { secretHash, accountId, signedInAt, usedAt, methods, agent = null, address = null, id } = session
  const there = session.provider
  const provider = [there?.issuer, there?.subject, there?.sid, there?.authenticatedAt ?? session.toldAt]
  const known = provider.map((value) => value ?? null)
  return [secretHash, accountId, signedInAt, usedAt, methods.join(' '), agent, address, ...known, id]
}

function sessionOf(row: SessionRow): StoredSession {
  return {
    id: row.id,
    secretHash: row.secret_hash,
    accountId: row.account_id,
    signedInAt: row.signed_in_at,
    usedAt: row.used_at,
    methods: row.methods.split(' '),
    ...(row.agent !== null && { agent: row.agent }),
    ...(row.address !== null && { address: row.address }),
    ...originOf(row),
  }
}

/** Where, or on whose word, the person signed in. */
function originOf(row: SessionRow): Pick<StoredSession, 'provider' | 'toldAt'> {
  const { provider_issuer: issuer, provider_subject: subject, provider_sid: sid } = row
  if (issuer === null || subject === null)
    return row.authenticated_at === null ? {} : { toldAt: row.authenticated_at }
  const authenticatedAt = row.authenticated_at ?? row.signed_in_at
  return { provider: { issuer, subject, authenticatedAt, ...(sid !== null && { sid }) } }
}
