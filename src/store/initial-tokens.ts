/** Initial access tokens, by the hash of each; what is used up is decided by the database. */
import type { InitialToken } from '../authorization/registration/ports.ts'
import type { SqlReader, SqlWriter } from './sql.ts'

interface TokenRow {
  readonly uses_left: number
  readonly revoked_at: number | null
  readonly data: string
}

const columns = 'SELECT uses_left, revoked_at, data FROM initial_tokens'

/** The token of that hash, whether it is still good or not. */
export async function findInitialToken(sql: SqlReader, hash: string): Promise<InitialToken | undefined> {
  const row = await sql.get<TokenRow>(`${columns} WHERE hash = ?`, hash)
  return row && tokenOf(row)
}

/** All, the newest first. */
export async function listInitialTokens(sql: SqlReader): Promise<InitialToken[]> {
  return (await sql.all<TokenRow>(`${columns} ORDER BY created_at DESC, id`)).map(tokenOf)
}

/** Stores a new one. */
export async function addInitialToken(tx: SqlWriter, token: InitialToken): Promise<void> {
  const { id, hash, expiresAt, usesLeft, createdAt } = token
  await tx.run(
    'INSERT INTO initial_tokens (id, hash, expires_at, uses_left, created_at, data) VALUES (?, ?, ?, ?, ?, ?)',
    ...[id, hash, expiresAt, usesLeft, createdAt, JSON.stringify(token)],
  )
}

/** Uses it once; false when it is of no use any more. */
export async function useInitialToken(tx: SqlWriter, hash: string, now: number): Promise<boolean> {
  const { changes } = await tx.run(
    `UPDATE initial_tokens SET uses_left = uses_left - 1
      WHERE hash = ? AND uses_left > 0 AND expires_at > ? AND revoked_at IS NULL`,
    ...[hash, now],
  )
  return changes > 0
}

/** Ends it; false when there is none, or it was ended before. */
export async function revokeInitialToken(tx: SqlWriter, id: string, now: number): Promise<boolean> {
  const { changes } = await tx.run(
    'UPDATE initial_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL',
    ...[now, id],
  )
  return changes > 0
}

function tokenOf({ uses_left, revoked_at, data }: TokenRow): InitialToken {
  const token = JSON.parse(data) as InitialToken
  return { ...token, usesLeft: uses_left, ...(revoked_at !== null && { revokedAt: revoked_at }) }
}
