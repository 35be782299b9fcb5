/** Sessions that began at a provider, which may end them; they are rows of `sessions`. */
import type { AuditEvent } from '../audit/event.ts'
import type { ProviderSession } from '../identity/account.ts'
import type { LogoutOrder, ProviderSessions } from '../identity/providers/ports.ts'
import type { Recording } from './audit.ts'
import { endSessions } from './end-sessions.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'

export const providerSessionMigrations: readonly Migration[] = [
  {
    id: 'provider-sessions-0001',
    sql: `ALTER TABLE sessions ADD COLUMN provider_issuer TEXT;
    ALTER TABLE sessions ADD COLUMN provider_subject TEXT;
    ALTER TABLE sessions ADD COLUMN provider_sid TEXT;
    ALTER TABLE sessions ADD COLUMN authenticated_at INTEGER;
    CREATE INDEX sessions_by_provider ON sessions (provider_issuer, provider_subject);
    CREATE INDEX sessions_by_provider_sid ON sessions (provider_issuer, provider_sid);
    CREATE TABLE logout_tokens (
      issuer TEXT NOT NULL,
      jti TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (issuer, jti)
    ) STRICT, WITHOUT ROWID`,
  },
  {
    id: 'provider-sessions-0002',
    sql: `ALTER TABLE logout_tokens ADD COLUMN subject TEXT;
    ALTER TABLE logout_tokens ADD COLUMN sid TEXT;
    ALTER TABLE logout_tokens ADD COLUMN received_at INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX logout_tokens_by_receipt ON logout_tokens (issuer, received_at)`,
  },
]

/** The store of these sessions over a database that has their tables. */
export function createProviderSessions(sql: Sql, { append, inTurn }: Recording): ProviderSessions {
  return {
    end: (order, told, now) =>
      sql.write(
        async (tx) => {
          if (!(await isNew(tx, order, now))) return undefined
          const ended = await endOrdered(tx, order)
          await append(
            tx,
            ended.map((accountId): { time: number; event: AuditEvent } => ({
              time: now,
              event: told(accountId),
            })),
          )
          return ended.length
        },
        { inTurn },
      ),
  }
}

/**
 * Whether the provider has ordered, since the person was sent there, that what began with this sign-in ends. A session there
 * that has ended is over for good; an order for all that a subject has, or for a session of which we do not know whether it is
 * this one, speaks of what was there when it came, and whoever proves who they are after it is signed in.
 */
export async function isEndedThere(
  tx: SqlWriter,
  { issuer, subject, sid, authenticatedAt, sentAt }: ProviderSession,
): Promise<boolean> {
  if (sentAt === undefined) return false
  const text = `SELECT 1 AS ordered FROM logout_tokens WHERE issuer = ? AND received_at > ?
    AND (subject IS NULL OR subject = ?)
    AND (sid = ? OR ((sid IS NULL OR ? = 0) AND subject IS NOT NULL AND received_at > ?))`
  const named = [sid ?? '', sid === undefined ? 0 : 1]
  return (await tx.get(text, issuer, sentAt, subject, ...named, authenticatedAt)) !== undefined
}

async function isNew(tx: SqlWriter, order: LogoutOrder, now: number): Promise<boolean> {
  await tx.run('DELETE FROM logout_tokens WHERE expires_at <= ?', now)
  const { issuer, jti, subject = null, sid = null, expiresAt } = order
  const text = `INSERT INTO logout_tokens (issuer, jti, subject, sid, received_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
  return (await tx.run(text, issuer, jti, subject, sid, now, expiresAt)).changes > 0
}

/**
 * Gives the accounts whose sessions ended, one for each session. Of somebody who is named beside the session there, one that
 * the provider never named may be it.
 */
async function endOrdered(tx: SqlWriter, { issuer, subject, sid }: LogoutOrder): Promise<string[]> {
  const isSid = subject === undefined ? 'provider_sid = ?' : '(provider_sid = ? OR provider_sid IS NULL)'
  const conditions = [
    ...(subject === undefined ? [] : [['provider_subject = ?', subject] as const]),
    ...(sid === undefined ? [] : [[isSid, sid] as const]),
  ]
  if (conditions.length === 0) return []
  const ended = await endSessions(
    tx,
    `provider_issuer = ? AND ${conditions.map(([condition]) => condition).join(' AND ')}`,
    issuer,
    ...conditions.map(([, value]) => value),
  )
  return ended.map(({ account_id }) => account_id)
}
