/** Accounts and the records that belong to them. */
import type { Account, AsProven } from '../identity/account.ts'
import type { AccountStore } from '../identity/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlReader, SqlValue, SqlWriter } from './sql.ts'

export const accountMigrations: readonly Migration[] = [
  {
    id: 'accounts-0001',
    sql: `CREATE TABLE accounts (
      id TEXT PRIMARY KEY,
      username TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      roles TEXT NOT NULL,
      fhir_user TEXT,
      password_hash TEXT,
      disabled INTEGER NOT NULL,
      locale TEXT,
      care_team_only INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE account_records (
      reference TEXT NOT NULL,
      account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      PRIMARY KEY (account_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX account_records_by_reference ON account_records (reference);
    CREATE INDEX accounts_by_fhir_user ON accounts (fhir_user)`,
  },
  {
    id: 'accounts-0002',
    sql: `ALTER TABLE accounts ADD COLUMN email TEXT;
    CREATE INDEX accounts_by_email ON accounts (email)`,
  },
  { id: 'accounts-0003', sql: 'ALTER TABLE accounts ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0' },
]

interface AccountRow {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly roles: string
  readonly fhir_user: string | null
  readonly password_hash: string | null
  readonly disabled: number
  readonly locale: string | null
  readonly care_team_only: number
  readonly email: string | null
  readonly epoch: number
  /** One row for each record of the account, or one without. */
  readonly reference: string | null
}

/** The account store over a database that has its tables. */
export function createAccountStore(sql: Sql): AccountStore {
  const where = (condition: string, ...values: SqlValue[]) => accountsWhere(sql, condition, ...values)
  const one = async (condition: string, ...values: SqlValue[]) => (await where(condition, ...values))[0]
  return {
    find: (id) => one('a.id = ?', id),
    isActive: async (id) =>
      (await sql.get('SELECT 1 AS active FROM accounts WHERE id = ? AND disabled = 0', id)) !== undefined,
    findByUsername: (username) => one('a.username = ?', username),
    findByRecord: (reference) =>
      one(
        `a.id = (SELECT id FROM accounts WHERE fhir_user = ?
           OR id IN (SELECT account_id FROM account_records WHERE reference = ?)
           ORDER BY CASE WHEN fhir_user = ? THEN 0 ELSE 1 END, id LIMIT 1)`,
        reference,
        reference,
        reference,
      ),
    list: () => where('TRUE'),
    add: (account) => sql.write((tx) => addAccount(tx, account)),
  }
}

const columns = `a.id, a.username, a.name, a.roles, a.fhir_user, a.password_hash, a.disabled, a.locale, a.care_team_only,
  a.email, a.epoch`

async function accountsWhere(sql: SqlReader, condition: string, ...values: SqlValue[]): Promise<Account[]> {
  const rows = await sql.all<AccountRow>(
    `SELECT ${columns}, r.reference FROM accounts a LEFT JOIN account_records r ON r.account_id = a.id
     WHERE ${condition} ORDER BY a.username, r.position`,
    ...values,
  )
  return accountsOf(rows)
}

/** The account of that id, as it is in a transaction. */
export async function findAccount(sql: SqlReader, id: string): Promise<Account | undefined> {
  return (await accountsWhere(sql, 'a.id = ?', id))[0]
}

/** Adds an account in another store's transaction; false, changing nothing, when the id or the user name is taken. */
export async function addAccount(tx: SqlWriter, account: Account): Promise<boolean> {
  const { changes } = await tx.run(
    `INSERT INTO accounts (username, name, roles, fhir_user, password_hash, disabled, locale, care_team_only, email, id)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ...valuesOf(account),
  )
  if (changes > 0) await keepRecords(tx, account)
  return changes > 0
}

/**
 * Whether an account is enabled and nothing has ended what its person proved; what would end it waits until this transaction
 * is over, and finds what is added here. Changed and not only read: a change is what both databases wait for, whatever the
 * isolation of the other transaction is.
 */
export async function holdAsProven(tx: SqlWriter, { id, epoch = 0 }: AsProven): Promise<boolean> {
  const text = 'UPDATE accounts SET epoch = epoch WHERE id = ? AND epoch = ? AND disabled = 0'
  return (await tx.run(text, id, epoch)).changes > 0
}

/** Replaces the records of an account. */
export async function keepRecords(
  tx: SqlWriter,
  { id, records }: Pick<Account, 'id' | 'records'>,
): Promise<void> {
  await tx.run('DELETE FROM account_records WHERE account_id = ?', id)
  await tx.insertAll(
    'account_records',
    ['reference', 'account_id', 'position'],
    records.map((reference, position) => [reference, id, position]),
  )
}

function valuesOf(account: Account): SqlValue[] {
  return [
    account.username,
    account.name,
    JSON.stringify(account.roles),
    account.fhirUser ?? null,
    account.passwordHash ?? null,
    account.disabled ? 1 : 0,
    account.locale ?? null,
    account.careTeamOnly ? 1 : 0,
    account.email ?? null,
    account.id,
  ]
}

/** Rows of one account follow each other. */
function accountsOf(rows: readonly AccountRow[]): Account[] {
  const byId = Map.groupBy(rows, ({ id }) => id)
  return [...byId.values()].flatMap(([row, ...more]) =>
    row
      ? accountOf(
          row,
          [row, ...more].flatMap(({ reference }) => reference ?? []),
        )
      : [],
  )
}

function accountOf(row: AccountRow, records: readonly string[]): Account {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    roles: JSON.parse(row.roles) as Account['roles'],
    ...(row.fhir_user === null ? {} : { fhirUser: row.fhir_user }),
    records,
    ...(row.password_hash === null ? {} : { passwordHash: row.password_hash }),
    disabled: row.disabled === 1,
    ...(row.locale === null ? {} : { locale: row.locale as Account['locale'] }),
    ...(row.care_team_only === 1 ? { careTeamOnly: true } : {}),
    ...(row.email === null ? {} : { email: row.email }),
    ...(row.epoch === 0 ? {} : { epoch: row.epoch }),
  }
}
