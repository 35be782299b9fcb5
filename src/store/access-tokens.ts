/** Rows of access tokens that the store has to know: those that say nothing themselves, and those that were revoked. */
import type { AccessRecord } from '../authorization/grant.ts'
import { KEPT_LONGER } from './clocks.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlReader, SqlWriter } from './sql.ts'
import { removeExpired } from './sweeping.ts'

export const accessTokenMigrations: readonly Migration[] = [
  {
    id: 'access-tokens-0001',
    sql: `CREATE TABLE access_tokens (
      hash TEXT PRIMARY KEY,
      expires_at INTEGER NOT NULL,
      data TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);
    CREATE TABLE revoked_tokens (
      token_id TEXT PRIMARY KEY,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at)`,
  },
]

/** Adds an opaque token. */
export async function addAccess(tx: SqlWriter, { hash, claims }: AccessRecord): Promise<void> {
  const values = [hash, claims.exp * 1000, JSON.stringify(claims)]
  await tx.addAll('access_tokens', ['hash', 'expires_at', 'data'], [values])
}

/** The opaque token of that hash, expired or not. */
export async function findAccess(reader: SqlReader, hash: string): Promise<AccessRecord | undefined> {
  const row = await reader.get<{ data: string }>('SELECT data FROM access_tokens WHERE hash = ?', hash)
  return row && { hash, claims: JSON.parse(row.data) }
}

/** Puts a token on the list of those that count no more; on it already, it stays there. */
export async function addRevoked(tx: SqlWriter, tokenId: string, expiresAt: number): Promise<void> {
  await tx.run(
    'INSERT INTO revoked_tokens (token_id, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING',
    tokenId,
    expiresAt,
  )
}

/** Forgets what has expired anyway, by whichever node's clock. */
export async function sweepAccess(sql: Sql, now: number): Promise<void> {
  const over = now - KEPT_LONGER
  await removeExpired(sql, 'access_tokens', 'hash', over)
  await removeExpired(sql, 'revoked_tokens', 'token_id', over)
}
