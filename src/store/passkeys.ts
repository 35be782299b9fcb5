/** Passkeys. */
import type { Passkey, PasskeyStore } from '../identity/credential-ports.ts'
import { holdAsProven } from './accounts.ts'
import type { Recording } from './audit.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlValue } from './sql.ts'
import { dropRecoveryCodes, takeAway } from './ways-in.ts'

export const passkeyMigrations: readonly Migration[] = [
  {
    id: 'passkeys-0001',
    sql: `CREATE TABLE passkeys (
      id TEXT PRIMARY KEY,
      account_id TEXT NOT NULL,
      name TEXT NOT NULL,
      public_key TEXT NOT NULL,
      counter INTEGER NOT NULL,
      transports TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX passkeys_by_account ON passkeys (account_id)`,
  },
]

interface PasskeyRow {
  readonly id: string
  readonly account_id: string
  readonly name: string
  readonly public_key: string
  readonly counter: number
  readonly transports: string
  readonly created_at: number
  readonly used_at: number | null
}

/** The passkey store over a database that has its table, and those of the other ways to sign in. */
export function createPasskeyStore(sql: Sql, recording: Recording): PasskeyStore {
  const change = async (text: string, ...values: SqlValue[]) =>
    (await sql.write((tx) => tx.run(text, ...values))).changes > 0
  return {
    add: (passkey, account, most) =>
      sql.write(async (tx) => {
        if (!(await holdAsProven(tx, account))) return false
        const text = `INSERT INTO passkeys (id, account_id, name, public_key, counter, transports, created_at)
        SELECT ?, ?, ?, ?, CAST(? AS BIGINT), ?, CAST(? AS BIGINT)
        WHERE (SELECT COUNT(*) FROM passkeys WHERE account_id = ?) < ? ON CONFLICT DO NOTHING`
        const { changes } = await tx.run(
          text,
          passkey.id,
          passkey.accountId,
          passkey.name,
          passkey.publicKey,
          passkey.counter,
          JSON.stringify(passkey.transports),
          passkey.createdAt,
          passkey.accountId,
          most,
        )
        return changes > 0
      }),
    async find(id) {
      const row = await sql.get<PasskeyRow>('SELECT * FROM passkeys WHERE id = ?', id)
      return row && passkeyOf(row)
    },
    async listOf(accountId) {
      const rows = await sql.all<PasskeyRow>(
        'SELECT * FROM passkeys WHERE account_id = ? ORDER BY created_at, id',
        accountId,
      )
      return rows.map(passkeyOf)
    },
    rename: (accountId, id, name) =>
      change('UPDATE passkeys SET name = ? WHERE account_id = ? AND id = ?', name, accountId, id),
    remove: (accountId, id, needed, told, now) =>
      takeAway(sql, recording, { accountId, needed, told, now }, async (tx) => {
        const text = 'DELETE FROM passkeys WHERE account_id = ? AND id = ?'
        const { changes } = await tx.run(text, accountId, id)
        await dropRecoveryCodes(tx, accountId)
        return changes > 0
      }),
    use: (id, { before, after }, usedAt) =>
      change(
        'UPDATE passkeys SET counter = ?, used_at = ? WHERE id = ? AND counter = ?',
        after,
        usedAt,
        id,
        before,
      ),
  }
}

function passkeyOf(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    publicKey: row.public_key,
    counter: row.counter,
    transports: JSON.parse(row.transports) as string[],
    createdAt: row.created_at,
    ...(row.used_at !== null && { usedAt: row.used_at }),
  }
}
