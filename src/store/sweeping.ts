/**
 * What is over goes in pieces, each a short transaction: on a busy server there is much of it at once, and requests come through
 * in between. Where keys are in the order of their time each piece changes few pages, and no page is changed by all; where they
 * are digests the whole takes three times as long as one statement would, but nobody waits for all of it.
 */
import type { Sql, SqlValue } from './sql.ts'

const rowsAtOnce = 2000

/** Whose rows are removed: `key` tells them apart, and `condition` is best found by an index. */
export interface Over {
  readonly table: string
  readonly key: string
  readonly condition: string
}

/** Removes what expired at `now` or before. */
export function removeExpired(sql: Sql, table: string, key: string, now: number): Promise<void> {
  return removeOver(sql, { table, key, condition: 'expires_at <= ?' }, now)
}

/** Removes all rows of a table of which the condition holds. */
export async function removeOver(
  sql: Sql,
  { table, key, condition }: Over,
  ...values: SqlValue[]
): Promise<void> {
  const some = `SELECT ${key} FROM ${table} WHERE ${condition} LIMIT ${rowsAtOnce}`
  const text = `DELETE FROM ${table} WHERE ${key} IN (${some})`
  while ((await sql.write((tx) => tx.run(text, ...values))).changes === rowsAtOnce);
}
