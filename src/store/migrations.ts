/**
 * Schema changes, forward only: each area keeps an ordered list, a database remembers what it has applied. Nodes that
 * start at once wait for each other.
 */
import type { Sql, SqlWriter } from './sql.ts'

export interface Migration {
  /** Unique in the database and never reused, such as `records-0001`. */
  readonly id: string
  /** Written for SQLite; see each driver for what it makes of it. */
  readonly sql: string
  /** What one database alone is told besides. */
  readonly only?: { readonly sqlite: string; readonly postgres: string }
}

/**
 * Applies, in order, those of `migrations` that the database has not had yet: each in its own transaction, but all
 * together where none was ever applied, so that a new database waits for the disk once.
 */
export async function migrate(sql: Sql, migrations: readonly Migration[]): Promise<void> {
  const applied = await appliedIn(sql)
  if (!applied) {
    await inTurn(sql, async (tx) => {
      await tx.script('CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID')
      for (const migration of migrations) await applyOnce(tx, migration)
    })
    return
  }
  for (const migration of migrations)
    if (!applied.has(migration.id)) await inTurn(sql, (tx) => applyOnce(tx, migration))
}

const isThere = {
  sqlite: "SELECT 1 AS there FROM sqlite_master WHERE type = 'table' AND name = 'migrations'",
  postgres: "SELECT 1 AS there WHERE to_regclass('migrations') IS NOT NULL",
} as const

/** What a database has had; nothing when it was never prepared. One that cannot say is not taken for a new one. */
export async function appliedIn(sql: Sql): Promise<Set<string> | undefined> {
  if (!(await sql.get(isThere[sql.dialect.name]))) return undefined
  const rows = await sql.all<{ id: string }>('SELECT id FROM migrations')
  return new Set(rows.map(({ id }) => id))
}

async function applyOnce(tx: SqlWriter, { id, sql: script, only }: Migration): Promise<void> {
  // Asked inside the transaction: two processes may start on one database at once.
  if (await tx.get('SELECT 1 AS applied FROM migrations WHERE id = ?', id)) return
  await tx.script(script)
  if (only) await tx.script(only[tx.dialect.name])
  await tx.run('INSERT INTO migrations (id) VALUES (?)', id)
}

function inTurn(sql: Sql, work: (tx: SqlWriter) => Promise<void>): Promise<void> {
  return sql.write(work, { alone: true, inTurn: 'migrations' })
}
