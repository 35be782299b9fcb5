/** Sessions that began at a provider, which may end them; they are rows of `sessions`. */
import type { AuditEvent } from '../audit/event.ts'
import type { LogoutOrder, ProviderSessions } from '../identity/providers/ports.ts'
import type { Recording } from './audit.ts'
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
]

/** The store of these sessions over a database that has their tables. */
export function createProviderSessions(sql: Sql, { append, inTurn }: Recording): ProviderSessions {
  return {
    end: (order, told, now) =>
      sql.write(
        async (tx) => {
          if (!(await isNew(tx, order, now))) return undefined
          const ended = await endSessions(tx, order)
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

async function isNew(tx: SqlWriter, { issuer, jti, expiresAt }: LogoutOrder, now: number): Promise<boolean> {
  await tx.run('DELETE FROM logout_tokens WHERE expires_at <= ?', now)
  const text = 'INSERT INTO logout_tokens (issuer, jti, expires_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
  return (await tx.run(text, issuer, jti, expiresAt)).changes > 0
}

/** Gives the accounts whose sessions ended, one for each session. */
async function endSessions(tx: SqlWriter, { issuer, subject, sid }: LogoutOrder): Promise<string[]> {
  const conditions = [
    ...(subject === undefined ? [] : [['provider_subject = ?', subject] as const]),
    ...(sid === undefined ? [] : [['provider_sid = ?', sid] as const]),
  ]
  if (conditions.length === 0) return []
  const rows = await tx.all<{ account_id: string }>(
    `DELETE FROM sessions WHERE provider_issuer = ?
       AND ${conditions.map(([condition]) => condition).join(' AND ')} RETURNING account_id`,
    issuer,
    ...conditions.map(([, value]) => value),
  )
  return rows.map(({ account_id }) => account_id)
}
