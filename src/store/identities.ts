/** Identities at providers, and the accounts that they open. */
import type { AuditEvent } from '../audit/event.ts'
import type { Account } from '../identity/account.ts'
import type { Identity, ManagedMembers } from '../identity/providers/identity.ts'
import type { IdentityStore, Obstacle } from '../identity/providers/ports.ts'
import { addAccount, findAccount, holdAsProven, keepRecords } from './accounts.ts'
import type { Recording } from './audit.ts'
import type { DecisionRecords } from './decision-records.ts'
import { endAccess, isSomebodyElse } from './end-access.ts'
import { endSessions } from './end-sessions.ts'
import { useInvitation } from './invitations.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'
import { takeAway } from './ways-in.ts'

export const identityMigrations: readonly Migration[] = [
  {
    id: 'identities-0001',
    sql: `CREATE TABLE identities (
      issuer TEXT NOT NULL,
      subject TEXT NOT NULL,
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      manages INTEGER NOT NULL,
      label TEXT NOT NULL,
      linked_at INTEGER NOT NULL,
      PRIMARY KEY (issuer, subject),
      UNIQUE (account_id, issuer)
    ) STRICT, WITHOUT ROWID`,
  },
]

interface IdentityRow {
  readonly issuer: string
  readonly subject: string
  readonly account_id: string
  readonly manages: number
  readonly label: string
  readonly linked_at: number
}

/** Undoes its transaction. */
class Stopped extends Error {
  readonly obstacle: Obstacle

  constructor(obstacle: Obstacle) {
    super(obstacle)
    this.obstacle = obstacle
  }
}

/** The store of identities over a database that has its table and those of accounts, invitations and grants. */
export function createIdentityStore(
  sql: Sql,
  recording: Recording,
  decisions: DecisionRecords,
): IdentityStore {
  const { append, inTurn } = recording
  const recorded = (told: AuditEvent, now: number, work: (tx: SqlWriter) => Promise<void>) =>
    unlessStopped(() =>
      sql.write(
        async (tx) => {
          await work(tx)
          await append(tx, [{ time: now, event: told }])
        },
        { inTurn },
      ),
    )
  return {
    async find(issuer, subject) {
      const text = 'SELECT * FROM identities WHERE issuer = ? AND subject = ?'
      const row = await sql.get<IdentityRow>(text, issuer, subject)
      return row && identityOf(row)
    },
    async listOf(accountId) {
      const text = 'SELECT * FROM identities WHERE account_id = ? ORDER BY issuer'
      return (await sql.all<IdentityRow>(text, accountId)).map(identityOf)
    },
    open: (account, identity, told, now, invitation) =>
      recorded(told, now, async (tx) => {
        if (invitation !== undefined && !(await useInvitation(tx, invitation, now)))
          throw new Stopped('invitation-over')
        await checkRecords(tx, account)
        if (!(await addAccount(tx, account))) throw new Stopped('username-taken')
        await addIdentity(tx, identity)
      }),
    link: (identity, { epoch }, told, now) =>
      recorded(told, now, async (tx) => {
        const proven = { id: identity.accountId, ...(epoch !== undefined && { epoch }) }
        if (!(await holdAsProven(tx, proven))) throw new Stopped('overtaken')
        await addIdentity(tx, identity)
      }),
    unlink: (accountId, issuer, issuers, told, now) =>
      takeAway(
        sql,
        recording,
        { accountId, needed: { issuers, secondFactor: false }, told, now },
        async (tx) => {
          const text = 'DELETE FROM identities WHERE account_id = ? AND issuer = ?'
          if ((await tx.run(text, accountId, issuer)).changes === 0) return false
          await endWhatBeganThere(tx, accountId, issuer)
          return true
        },
      ),
    follow: (accountId, members, told, now) =>
      unlessStopped(() =>
        decisions.write(
          async (tx, records) => {
            const before = await findAccount(tx, accountId)
            await followClaims(tx, accountId, members)
            if (before && isSomebodyElse(before, members)) await endAccess(tx, records, accountId, now)
            await append(tx, [{ time: now, event: told }])
          },
          { inTurn },
        ),
      ),
  }
}

async function followClaims(tx: SqlWriter, accountId: string, members: ManagedMembers): Promise<void> {
  await checkRecords(tx, { ...members, id: accountId })
  // Only these columns: whoever disables the account meanwhile is not overruled.
  const { name, roles, fhirUser, careTeamOnly } = members
  await tx.run(
    'UPDATE accounts SET name = ?, roles = ?, fhir_user = ?, care_team_only = ? WHERE id = ?',
    name,
    JSON.stringify(roles),
    fhirUser ?? null,
    careTeamOnly ? 1 : 0,
    accountId,
  )
  await keepRecords(tx, { id: accountId, records: members.records })
}

/** Sessions that began with that identity, and sign-ins of the account that wait for a second factor: one of those may have. */
async function endWhatBeganThere(tx: SqlWriter, accountId: string, issuer: string): Promise<void> {
  await endSessions(tx, 'account_id = ? AND provider_issuer = ?', accountId, issuer)
  await tx.run("DELETE FROM tickets WHERE account_id = ? AND purpose = 'second-step'", accountId)
}

async function unlessStopped(work: () => Promise<void>): Promise<Obstacle | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (error instanceof Stopped) return error.obstacle
    throw error
  }
}

/** Throws when one of the records is another account's already: a record has one account. */
async function checkRecords(
  tx: SqlWriter,
  { id, fhirUser, records }: Pick<Account, 'id' | 'fhirUser' | 'records'>,
): Promise<void> {
  for (const reference of new Set([...records, ...(fhirUser === undefined ? [] : [fhirUser])])) {
    const other = await tx.get(
      `SELECT 1 AS taken FROM accounts WHERE id <> ? AND (fhir_user = ?
         OR id IN (SELECT account_id FROM account_records WHERE reference = ?))`,
      id,
      reference,
      reference,
    )
    if (other) throw new Stopped('record-taken')
  }
}

async function addIdentity(tx: SqlWriter, identity: Identity): Promise<void> {
  const { issuer, subject, accountId, manages, label, linkedAt } = identity
  const { changes } = await tx.run(
    `INSERT INTO identities (issuer, subject, account_id, manages, label, linked_at)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    issuer,
    subject,
    accountId,
    manages ? 1 : 0,
    label,
    linkedAt,
  )
  if (changes > 0) return
  const taken = await tx.get(
    'SELECT 1 AS taken FROM identities WHERE issuer = ? AND subject = ?',
    issuer,
    subject,
  )
  throw new Stopped(taken ? 'identity-taken' : 'account-taken')
}

function identityOf(row: IdentityRow): Identity {
  return {
    issuer: row.issuer,
    subject: row.subject,
    accountId: row.account_id,
    manages: row.manages === 1,
    label: row.label,
    linkedAt: row.linked_at,
  }
}
