/** Brings new versions into the tables `resources` and `versions`. */
import type { SqlWriter } from '../sql.ts'
import { isOneOf, sql } from './fragment.ts'
import type { VersionRow } from './version.ts'

const columns = ['row', 'type', 'id', 'version', 'updated', 'deleted', 'json'] as const
const changing = ['row', 'version', 'updated', 'deleted', 'json'] as const

/** Adds first versions. */
export function insertFirst(tx: SqlWriter, rows: readonly VersionRow[]): Promise<void> {
  return tx.addAll(
    'resources',
    columns,
    rows.map((row) => columns.map((column) => row[column])),
  )
}

/** Puts next versions in place of the last ones, which are kept as what was. */
export async function replaceLast(tx: SqlWriter, rows: readonly VersionRow[]): Promise<void> {
  const numbers = rows.map(({ row }) => row)
  const which = isOneOf('row', numbers, tx.dialect)
  const { text, values } =
    sql`INSERT INTO versions SELECT row, version, updated, deleted, json FROM resources WHERE ${which}`
  await tx.run(text, ...values)
  await tx.updateAll(
    'resources',
    changing,
    rows.map((row) => changing.map((column) => row[column])),
  )
}
