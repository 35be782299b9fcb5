/** Many rows of several tables in one statement, whose text does not depend on how many they are. */
import type { ClientBase } from 'pg'
import type { SqlValue } from '../sql.ts'

export interface AddedRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SqlValue[])[]
}

/** The types of a table's columns by name. */
export type ColumnTypes = ReadonlyMap<string, string>

export type TableColumns = (table: string, client: ClientBase) => Promise<ColumnTypes>

interface Insert {
  readonly text: string
  readonly values: SqlValue[]
}

/** The statement that adds all of them; rows that are there already are left out. */
export async function insertStatement(
  added: readonly AddedRows[],
  columnsOf: (table: string) => Promise<ColumnTypes>,
): Promise<Insert> {
  const values: SqlValue[] = []
  const texts: string[] = []
  for (const [table, { columns, rows }] of merged(added)) {
    const types = await columnsOf(table)
    const lists = columns.map((column, at) => {
      values.push(rows.map((row) => row[at] ?? null) as unknown as SqlValue)
      return `$${values.length}::${types.get(column) ?? 'text'}[]`
    })
    texts.push(
      `i${texts.length} AS (INSERT INTO ${table} (${columns.join(', ')}) SELECT * FROM unnest(${lists.join(', ')}) ON CONFLICT DO NOTHING)`,
    )
  }
  return { text: `WITH ${texts.join(', ')} SELECT`, values }
}

interface TableRows {
  readonly columns: readonly string[]
  readonly rows: (readonly SqlValue[])[]
}

/** A table's rows are added with the same columns each time. */
function merged(added: readonly AddedRows[]): Map<string, TableRows> {
  const byTable = new Map<string, TableRows>()
  for (const { table, columns, rows } of added) {
    const before = byTable.get(table)
    if (before) for (const row of rows) before.rows.push(row)
    else byTable.set(table, { columns, rows: [...rows] })
  }
  return byTable
}

/** Looks the types up in the database, once for each table. */
export function createTableColumns(): TableColumns {
  const known = new Map<string, ColumnTypes>()
  return async (table, client) => {
    const kept = known.get(table)
    if (kept) return kept
    const { rows } = await client.query<{ name: string; type: string }>(
      `SELECT attname::text AS name, format_type(atttypid, NULL) AS type
       FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
      [table],
    )
    const types = new Map(rows.map(({ name, type }) => [name, type]))
    known.set(table, types)
    return types
  }
}
