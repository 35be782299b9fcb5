/** Passwords, one-time codes and recovery codes of accounts. */
import type { AuditEvent } from '../audit/event.ts'
import type { AsProven } from '../identity/account.ts'
import type { CredentialStore } from '../identity/credential-ports.ts'
import { holdAsProven } from './accounts.ts'
import type { Recording } from './audit.ts'
import { endSessions } from './end-sessions.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlValue, SqlWriter } from './sql.ts'
import { takeTicket } from './tickets.ts'
import { dropRecoveryCodes, takeAway } from './ways-in.ts'

export const credentialMigrations: readonly Migration[] = [
  {
    id: 'credentials-0001',
    sql: `CREATE TABLE one_time_codes (
      account_id TEXT PRIMARY KEY,
      sealed TEXT NOT NULL,
      last_step INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE recovery_codes (
      account_id TEXT NOT NULL,
      hash TEXT NOT NULL,
      PRIMARY KEY (account_id, hash)
    ) STRICT, WITHOUT ROWID`,
  },
]

/** The credential store over a database that has its tables, and those of accounts, sessions, tickets and passkeys. */
export function createCredentialStore(sql: Sql, recording: Recording): CredentialStore {
  const change: Change = async (text, ...values) =>
    (await sql.write((tx) => tx.run(text, ...values))).changes > 0
  return {
    changePassword: (account, passwordHash, keepSession) =>
      sql.write(async (tx) => {
        if (!(await holdAsProven(tx, account))) return undefined
        await setPassword(tx, account.id, passwordHash, keepSession)
        return { id: account.id, epoch: (account.epoch ?? 0) + 1 }
      }),
    resetPassword: (accountId, passwordHash, ticket) =>
      sql.write(async (tx) => {
        const taken = await takeTicket(tx, 'reset', ticket.hash, ticket.now)
        if (taken?.accountId !== accountId) return false
        await setPassword(tx, accountId, passwordHash)
        return true
      }),
    async rehash(accountId, from, to) {
      await change(
        'UPDATE accounts SET password_hash = ? WHERE id = ? AND password_hash = ?',
        to,
        accountId,
        from,
      )
    },
    async setLocale(accountId, locale) {
      await change('UPDATE accounts SET locale = ? WHERE id = ?', locale, accountId)
    },
    setEmail: (account, email, told, now) =>
      asProven(sql, recording, { account, told, now }, async (tx) => {
        await tx.run('UPDATE accounts SET email = ? WHERE id = ?', email ?? null, account.id)
        // A link lies in the box of the old address.
        await tx.run("DELETE FROM tickets WHERE account_id = ? AND purpose = 'reset'", account.id)
      }),
    async accountsWithEmail(email) {
      const rows = await sql.all<{ id: string }>(
        'SELECT id FROM accounts WHERE email = ? ORDER BY username',
        email,
      )
      return rows.map(({ id }) => id)
    },
    ...secondFactors(sql, change, recording),
  }
}

/** The row of the account first: a sign-in that is on its way waits for it, or is over and found. */
async function setPassword(
  tx: SqlWriter,
  accountId: string,
  passwordHash: string,
  keepSession = '',
): Promise<void> {
  const text = 'UPDATE accounts SET password_hash = ?, epoch = epoch + 1 WHERE id = ?'
  await tx.run(text, passwordHash, accountId)
  await endSessions(tx, 'account_id = ? AND id <> ?', accountId, keepSession)
  await tx.run('DELETE FROM tickets WHERE account_id = ?', accountId)
}

/** Does what goes on record, unless what the person proved has been ended. */
function asProven(
  sql: Sql,
  { append, inTurn }: Recording,
  { account, told, now }: { readonly account: AsProven; readonly told: AuditEvent; readonly now: number },
  work: (tx: SqlWriter) => Promise<void>,
): Promise<boolean> {
  return sql.write(
    async (tx) => {
      if (!(await holdAsProven(tx, account))) return false
      await work(tx)
      await append(tx, [{ time: now, event: told }])
      return true
    },
    { inTurn },
  )
}

type Change = (text: string, ...values: SqlValue[]) => Promise<boolean>

function secondFactors(
  sql: Sql,
  change: Change,
  recording: Recording,
): Pick<
  CredentialStore,
  | 'oneTimeCodes'
  | 'addOneTimeCodes'
  | 'useStep'
  | 'removeOneTimeCodes'
  | 'setRecoveryCodes'
  | 'useRecoveryCode'
  | 'recoveryCodesLeft'
> {
  return {
    async oneTimeCodes(accountId) {
      const row = await sql.get<{ sealed: string; last_step: number }>(
        'SELECT sealed, last_step FROM one_time_codes WHERE account_id = ?',
        accountId,
      )
      return row && { sealed: row.sealed, lastStep: row.last_step }
    },
    addOneTimeCodes: (account, { sealed, lastStep }, recoveryHashes) =>
      sql.write(async (tx) => {
        if (!(await holdAsProven(tx, account))) return false
        const { changes } = await tx.run(
          'INSERT INTO one_time_codes (account_id, sealed, last_step) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
          account.id,
          sealed,
          lastStep,
        )
        if (changes > 0) await setRecoveryCodes(tx, account.id, recoveryHashes)
        return changes > 0
      }),
    useStep: (accountId, step) =>
      change(
        'UPDATE one_time_codes SET last_step = ? WHERE account_id = ? AND last_step < ?',
        step,
        accountId,
        step,
      ),
    removeOneTimeCodes: (accountId, needed, told, now) =>
      takeAway(sql, recording, { accountId, needed, told, now }, async (tx) => {
        const { changes } = await tx.run('DELETE FROM one_time_codes WHERE account_id = ?', accountId)
        await dropRecoveryCodes(tx, accountId)
        return changes > 0
      }),
    setRecoveryCodes: (account, hashes, told, now) =>
      asProven(sql, recording, { account, told, now }, (tx) => setRecoveryCodes(tx, account.id, hashes)),
    useRecoveryCode: (accountId, hash) =>
      change('DELETE FROM recovery_codes WHERE account_id = ? AND hash = ?', accountId, hash),
    async recoveryCodesLeft(accountId) {
      const row = await sql.get<{ number: number }>(
        'SELECT COUNT(*) AS number FROM recovery_codes WHERE account_id = ?',
        accountId,
      )
      return row?.number ?? 0
    },
  }
}

async function setRecoveryCodes(tx: SqlWriter, accountId: string, hashes: readonly string[]): Promise<void> {
  await tx.run('DELETE FROM recovery_codes WHERE account_id = ?', accountId)
  await tx.insertAll(
    'recovery_codes',
    ['account_id', 'hash'],
    hashes.map((hash) => [accountId, hash]),
  )
}
