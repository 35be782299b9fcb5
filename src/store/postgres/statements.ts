/** Many rows of several tables in one statement, whose text does not depend on how many they are. */
import type { ClientBase, QueryConfig } from 'pg'
import type { SqlRow, SqlValue } from '../sql.ts'
import { toPostgres } from './values.ts'

export interface Rows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly SqlRow[]
}

export interface AddedRows extends Rows {
  /** Those that are there already are left out. */
  readonly mayBeThere: boolean
}

/** The types of a table's columns by name. */
export type ColumnTypes = ReadonlyMap<string, string>

export type TableColumns = (table: string, client: ClientBase) => Promise<ColumnTypes>

type TypesOf = (table: string) => Promise<ColumnTypes>

export interface Statement {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** The statement for a connection; one with a name is planned once. */
export function queryOf({ text, values }: Statement, name?: string): QueryConfig {
  return { text, values: values.map(toPostgres), ...(name !== undefined && { name }) }
}

/** The statement that adds all of them. */
export async function insertStatement(added: readonly AddedRows[], typesOf: TypesOf): Promise<Statement> {
  const values: SqlValue[] = []
  const texts: string[] = []
  for (const { table, columns, rows, mayBeThere } of merged(added)) {
    const lists = listsOf(columns, rows, await typesOf(table), values)
    const otherwise = mayBeThere ? ' ON CONFLICT DO NOTHING' : ''
    texts.push(
      `i${texts.length} AS (INSERT INTO ${table} (${columns.join(', ')}) SELECT * FROM unnest(${lists})${otherwise})`,
    )
  }
  return { text: `WITH ${texts.join(', ')} SELECT`, values }
}

/** The statement that gives the rows that the first column finds their other values. */
export async function updateStatement({ table, columns, rows }: Rows, typesOf: TypesOf): Promise<Statement> {
  const [key, ...others] = columns
  const values: SqlValue[] = []
  const lists = listsOf(columns, rows, await typesOf(table), values)
  const set = others.map((column) => `${column} = u.${column}`).join(', ')
  const text = `UPDATE ${table} t SET ${set} FROM unnest(${lists}) u (${columns.join(', ')}) WHERE t.${key} = u.${key}`
  return { text, values }
}

/** The statement, with a list for its only value, that removes rows of several tables. */
export function removeStatement(tables: readonly string[], column: string): string {
  const texts = tables.map((table) => `${table}_gone AS (DELETE FROM ${table} WHERE ${column} = ANY ($1))`)
  return `WITH ${texts.join(', ')} SELECT`
}

/** Numbers for a table's key, with the values table, column and how many. */
export const reserveStatement =
  'SELECT nextval(pg_get_serial_sequence($1, $2)) AS number FROM generate_series(1, $3::int)'

/** The columns of the rows as lists, which are added to the values. */
function listsOf(
  columns: readonly string[],
  rows: readonly SqlRow[],
  types: ColumnTypes,
  values: SqlValue[],
): string {
  const lists = columns.map((column, at) => {
    values.push(rows.map((row) => row[at] ?? null) as unknown as SqlValue)
    return `$${values.length}::${types.get(column) ?? 'text'}[]`
  })
  return lists.join(', ')
}

interface TableRows extends AddedRows {
  readonly rows: SqlRow[]
}

/** A table's rows are added with the same columns each time. */
function merged(added: readonly AddedRows[]): Iterable<TableRows> {
  const byTable = new Map<string, TableRows>()
  for (const { rows, ...same } of added) {
    const key = `${same.table} ${same.mayBeThere}`
    const before = byTable.get(key)
    if (before) for (const row of rows) before.rows.push(row)
    else byTable.set(key, { ...same, rows: [...rows] })
  }
  return byTable.values()
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
