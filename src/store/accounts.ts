/** Accounts in SQLite. */
import type { Account } from '../identity/account.ts'
import type { AccountStore } from '../identity/ports.ts'
import { type Migration, migrate } from './migrations.ts'
import type { Database, SqlValue } from './sqlite/database.ts'

const migrations: readonly Migration[] = [
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
  readonly records: string
}

const columns = `accounts.*, (SELECT json_group_array(reference ORDER BY position) FROM account_records
  WHERE account_id = accounts.id) AS records`

/** The account store over an open database; makes its tables if need be. */
export function createAccountStore(db: Database): AccountStore {
  migrate(db, migrations)
  const one = (condition: string, ...values: SqlValue[]) =>
    accountOf(db.get<AccountRow>(`SELECT ${columns} FROM accounts WHERE ${condition}`, ...values))
  return {
    find: async (id) => one('id = ?', id),
    findByUsername: async (username) => one('username = ?', username),
    findByRecord: async (reference) =>
      one(
        'fhir_user = ? OR id IN (SELECT account_id FROM account_records WHERE reference = ?) ORDER BY fhir_user = ? DESC, id LIMIT 1',
        reference,
        reference,
        reference,
      ),
    list: async () =>
      db
        .all<AccountRow>(`SELECT ${columns} FROM accounts ORDER BY username`)
        .flatMap((row) => accountOf(row) ?? []),
    add: async (account) =>
      db.transaction(() => {
        const { changes } = db.run(
          `INSERT INTO accounts (username, name, roles, fhir_user, password_hash, disabled, locale, care_team_only, id)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
          ...valuesOf(account),
        )
        if (changes > 0) keepRecords(db, account)
        return changes > 0
      }),
    replace: async (account) =>
      db.transaction(() => {
        const { changes } = db.run(
          `UPDATE OR IGNORE accounts SET username = ?, name = ?, roles = ?, fhir_user = ?, password_hash = ?,
          disabled = ?, locale = ?, care_team_only = ? WHERE id = ?`,
          ...valuesOf(account),
        )
        if (changes > 0) keepRecords(db, account)
        return changes > 0
      }),
  }
}

function keepRecords(db: Database, account: Account): void {
  db.run('DELETE FROM account_records WHERE account_id = ?', account.id)
  for (const [position, reference] of account.records.entries()) {
    db.run(
      'INSERT INTO account_records (reference, account_id, position) VALUES (?, ?, ?)',
      reference,
      account.id,
      position,
    )
  }
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
    account.id,
  ]
}

function accountOf(row: AccountRow | undefined): Account | undefined {
  if (!row) return undefined
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    roles: JSON.parse(row.roles) as Account['roles'],
    ...(row.fhir_user === null ? {} : { fhirUser: row.fhir_user }),
    records: JSON.parse(row.records) as string[],
    ...(row.password_hash === null ? {} : { passwordHash: row.password_hash }),
    disabled: row.disabled === 1,
    ...(row.locale === null ? {} : { locale: row.locale as Account['locale'] }),
    ...(row.care_team_only === 1 ? { careTeamOnly: true } : {}),
  }
}
