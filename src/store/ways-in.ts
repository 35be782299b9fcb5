/**
 * Taking from a person one way to prove who they are: what has to be left is asked in the transaction that takes it. Each
 * waits for its turn, so that of two at once the second one sees what the first has left.
 */
import type { AuditEvent } from '../audit/event.ts'
import type { Needed, Removal } from '../identity/credential-ports.ts'
import type { Recording } from './audit.ts'
import type { Sql, SqlReader, SqlWriter } from './sql.ts'

/** From whom, what has to be left, and what goes on record with it. */
interface Taking {
  readonly accountId: string
  readonly needed: Needed
  readonly told: AuditEvent
  readonly now: number
}

/** Undoes its transaction. */
class Kept extends Error {
  readonly removal: Removal

  constructor(removal: Removal) {
    super(removal)
    this.removal = removal
  }
}

/** Takes away what `remove` removes, which is false when it was not there. */
export async function takeAway(
  sql: Sql,
  { append, inTurn }: Recording,
  { accountId, needed, told, now }: Taking,
  remove: (tx: SqlWriter) => Promise<boolean>,
): Promise<Removal> {
  try {
    await sql.write(
      async (tx) => {
        if (!(await remove(tx))) throw new Kept('absent')
        const missing = await missingOf(tx, accountId, needed)
        if (missing !== undefined) throw new Kept(missing)
        await append(tx, [{ time: now, event: told }])
      },
      { inTurn },
    )
    return 'removed'
  } catch (error) {
    if (error instanceof Kept) return error.removal
    throw error
  }
}

/** Forgets recovery codes of whom no second factor is left: they stand in for one, and are none by themselves. */
export async function dropRecoveryCodes(tx: SqlWriter, accountId: string): Promise<void> {
  await tx.run(
    `DELETE FROM recovery_codes WHERE account_id = ? AND NOT EXISTS (SELECT 1 FROM passkeys WHERE account_id = ?)
      AND NOT EXISTS (SELECT 1 FROM one_time_codes WHERE account_id = ?)`,
    accountId,
    accountId,
    accountId,
  )
}

/** What is missing of what has to be left; nothing when all of it is there. */
async function missingOf(
  sql: SqlReader,
  accountId: string,
  { issuers, secondFactor }: Needed,
): Promise<Extract<Removal, 'last-way' | 'last-factor'> | undefined> {
  const passkeys = await isThere(sql, 'SELECT 1 AS there FROM passkeys WHERE account_id = ?', accountId)
  if (passkeys) return undefined
  if (!(await hasPassword(sql, accountId)) && !(await hasIdentity(sql, accountId, issuers))) return 'last-way'
  if (!secondFactor) return undefined
  const codes = await isThere(sql, 'SELECT 1 AS there FROM one_time_codes WHERE account_id = ?', accountId)
  return codes ? undefined : 'last-factor'
}

function hasPassword(sql: SqlReader, accountId: string): Promise<boolean> {
  const text = 'SELECT 1 AS there FROM accounts WHERE id = ? AND password_hash IS NOT NULL'
  return isThere(sql, text, accountId)
}

function hasIdentity(sql: SqlReader, accountId: string, issuers: readonly string[]): Promise<boolean> {
  const { text, values } = sql.dialect.isOneOf('issuer', issuers)
  return isThere(
    sql,
    `SELECT 1 AS there FROM identities WHERE account_id = ? AND ${text}`,
    accountId,
    ...values,
  )
}

async function isThere(
  sql: SqlReader,
  text: string,
  ...values: Parameters<SqlReader['get']>[1][]
): Promise<boolean> {
  return (await sql.get(text, ...values)) !== undefined
}
