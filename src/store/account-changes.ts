/** What an administrator does to accounts: each touches its own columns alone, in one transaction with its record in the trail. */
import type { AuditRecord } from '../audit/trail.ts'
import type { Account, Links } from '../identity/account.ts'
import type { AccountChanges } from '../identity/ports.ts'
import { addAccount, findAccount, keepRecords } from './accounts.ts'
import type { Recording } from './audit.ts'
import type { DecisionRecords } from './decision-records.ts'
import { endAccess, isSomebodyElse } from './end-access.ts'
import { endSessions } from './end-sessions.ts'
import type { Sql, SqlWriter } from './sql.ts'

/** The changes over a database that has the tables of accounts, sessions, grants and the trail. */
export function createAccountChanges(
  sql: Sql,
  { append, inTurn }: Recording,
  decisions: DecisionRecords,
): AccountChanges {
  /** What somebody proved themselves by until now opens nothing more. */
  async function beginAnew(tx: SqlWriter, id: string, record: AuditRecord): Promise<Account | undefined> {
    if ((await tx.run('UPDATE accounts SET epoch = epoch + 1 WHERE id = ?', id)).changes === 0)
      return undefined
    await endWhatRuns(tx, id)
    await append(tx, [record])
    return findAccount(tx, id)
  }

  return {
    add: (account, told, now) =>
      sql.write(
        async (tx) => {
          if (!(await addAccount(tx, account))) return false
          await append(tx, [{ time: now, event: told }])
          return true
        },
        { inTurn },
      ),
    relink: (id, decide, told, now) =>
      decisions.write(
        async (tx, records) => {
          const before = await findAccount(tx, id)
          if (!before) return undefined
          const links = decide(before)
          await setLinks(tx, id, links)
          if (isSomebodyElse(before, links)) await endAccess(tx, records, id, now)
          await append(tx, [{ time: now, event: told(links) }])
          return withLinks(before, links)
        },
        { inTurn },
      ),
    setDisabled: (id, disabled, told, now) =>
      decisions.write(
        async (tx, records) => {
          const off = disabled ? 1 : 0
          const text = 'UPDATE accounts SET disabled = ?, epoch = epoch + ? WHERE id = ?'
          if ((await tx.run(text, off, off, id)).changes === 0) return undefined
          if (disabled) {
            await endWhatRuns(tx, id)
            await endAccess(tx, records, id, now)
          }
          await append(tx, [{ time: now, event: told }])
          return findAccount(tx, id)
        },
        { inTurn },
      ),
    setPassword: (id, passwordHash, told, now) =>
      sql.write(
        async (tx) => {
          await tx.run('UPDATE accounts SET password_hash = ? WHERE id = ?', passwordHash, id)
          return beginAnew(tx, id, { time: now, event: told })
        },
        { inTurn },
      ),
    removeSecondFactors: (id, told, now) =>
      sql.write(
        async (tx) => {
          for (const table of ['passkeys', 'one_time_codes', 'recovery_codes'])
            await tx.run(`DELETE FROM ${table} WHERE account_id = ?`, id)
          return beginAnew(tx, id, { time: now, event: told })
        },
        { inTurn },
      ),
  }
}

async function setLinks(tx: SqlWriter, id: string, { records, fhirUser }: Links): Promise<void> {
  await tx.run('UPDATE accounts SET fhir_user = ? WHERE id = ?', fhirUser ?? null, id)
  await keepRecords(tx, { id, records })
}

/**
 * Sessions, sign-ins that wait for a second factor and links that were mailed: none of them is there again when the account is
 * enabled. What is on its way to one of them is stopped by the account's epoch.
 */
async function endWhatRuns(tx: SqlWriter, id: string): Promise<void> {
  await endSessions(tx, 'account_id = ?', id)
  await tx.run('DELETE FROM tickets WHERE account_id = ?', id)
}

function withLinks({ fhirUser: _, ...account }: Account, { records, fhirUser }: Links): Account {
  return { ...account, records, ...(fhirUser !== undefined && { fhirUser }) }
}
