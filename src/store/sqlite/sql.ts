/**
 * The port to a database over SQLite. Work of a transaction waits for nothing but SQLite, which has answered when it
 * returns: between its steps nothing but other such steps can run, and those that are not of the transaction wait.
 */
import type { Sql, SqlValue, SqlWriter } from '../sql.ts'
import { createCommitGroup } from './commit-group.ts'
import { type BoundValue, type Database, isHeld, openDatabase } from './database.ts'
import { sqliteDialect } from './dialect.ts'

/** Opens (or makes) the database in `folder`; `':memory:'` gives one that lives as long as it is open. */
export function openSqlite(folder: string): Sql {
  const db = openDatabase(folder)
  const group = createCommitGroup(db)

  /** Where the last change was not kept, a small one tells whether the next would be: a disk that was full may have room again. */
  function isKept(): Promise<boolean> {
    if (group.lost === undefined || isHeld(group.lost)) return Promise.resolve(true)
    return group
      .alone(async () => db.script(change))
      .then(
        () => true,
        () => false,
      )
  }

  return {
    dialect: sqliteDialect,
    async get<Row>(sql: string, ...values: SqlValue[]) {
      while (group.open) await group.open
      db.look()
      return db.get<Row>(sql, bound(values))
    },
    async all<Row>(sql: string, ...values: SqlValue[]) {
      while (group.open) await group.open
      db.look()
      return db.all<Row>(sql, bound(values))
    },
    write: (work, { alone } = {}) =>
      (alone ? group.alone : group.together)((together) => withWriter(db, work, together)),
    isReady: async () => db.isReady() && (await isKept()),
    close: async () => db.close(),
  }
}

/** It changes a page, and nothing that anybody looks at. */
const change = 'PRAGMA user_version = 0'

/** What is still being done with a writer when its work is over would be a change without a transaction: it throws. */
async function withWriter<Result>(
  db: Database,
  work: (tx: SqlWriter) => Promise<Result>,
  together: object,
): Promise<Result> {
  let current: Database | undefined = db
  const inside = (): Database => {
    if (!current) throw new Error('the transaction is over')
    return current
  }
  try {
    return await work({
      dialect: sqliteDialect,
      together,
      get: async <Row>(sql: string, ...values: SqlValue[]) => inside().get<Row>(sql, bound(values)),
      all: async <Row>(sql: string, ...values: SqlValue[]) => inside().all<Row>(sql, bound(values)),
      run: async (sql, ...values) => inside().run(sql, bound(values)),
      insertAll: async (table, columns, rows) =>
        inside().runEach(`${insertText(table, columns)} ON CONFLICT DO NOTHING`, rows.map(bound)),
      addAll: async (table, columns, rows) => inside().runEach(insertText(table, columns), rows.map(bound)),
      updateAll: async (table, [key, ...columns], rows) =>
        inside().runEach(
          updateText(table, key, columns),
          rows.map(([found = null, ...values]) => bound([...values, found])),
        ),
      async removeAll(tables, column, values) {
        const rows = values.map((value) => [value])
        for (const table of tables) inside().runEach(`DELETE FROM ${table} WHERE ${column} = ?`, rows)
      },
      async reserve(table, column, count) {
        if (count === 0) return []
        const text = `SELECT coalesce(max(${column}), 0) AS last FROM ${table}`
        const last = inside().get<{ last: number }>(text, [])?.last ?? 0
        return Array.from({ length: count }, (_, at) => last + 1 + at)
      },
      script: async (sql) => inside().script(sql),
    })
  } finally {
    current = undefined
  }
}

function insertText(table: string, columns: readonly string[]): string {
  const marks = columns.map(() => '?').join(', ')
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`
}

function updateText(table: string, key: string | undefined, columns: readonly string[]): string {
  return `UPDATE ${table} SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE ${key} = ?`
}

/** Lists are JSON for SQLite. */
function bound(values: readonly SqlValue[]): readonly BoundValue[] {
  for (const value of values) if (typeof value === 'object' && value !== null) return values.map(asText)
  return values as readonly BoundValue[]
}

function asText(value: SqlValue): BoundValue {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}
