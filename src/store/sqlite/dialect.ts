/** How SQLite says what databases say differently. The query planner obeys the hints; it keeps no statistics of ours. */
import { type Dialect, OverTime } from '../sql.ts'

/** Greater than every other character, so that a prefix and it are past all that begins with the prefix. */
const lastCharacter = '\u{10FFFF}'

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  recordsAtOnce: 1,
  compared: (column) => `+${column}`,
  // CROSS JOIN keeps SQLite from turning the order round.
  thenJoin: 'CROSS JOIN',
  contains: (column, text) => ({ text: `instr(${column}, ?) > 0`, values: [text] }),
  starts: (column, text) => ({
    text: `(${column} >= ? AND ${column} < ?)`,
    values: [text, text + lastCharacter],
  }),
  equals: (column, text) => ({ text: `${column} = ?`, values: [text] }),
  isOneOf: (column, values) => ({
    text: `${column} IN (SELECT value FROM json_each(?))`,
    values: [values],
  }),
  pairs: (values) => ({
    text: '(SELECT value ->> 0 AS one, value ->> 1 AS other FROM json_each(?))',
    values: [values],
  }),
  inTime: () => ({ text: 'TRUE', values: [] }),
  until: (deadline) => ({
    ...sqliteDialect,
    // Asked of one row in 64 only, whatever order there is in their numbers: it costs more than most conditions.
    inTime: (row) => ({
      text: `(${row} * 40503 >> 7 & 63 OR ${inTime.name}(${row}, ?))`,
      values: [deadline],
    }),
  }),
}

/** The function of SQL that fails when it is too late: SQLite has no other way to give a statement up that is running. */
export const inTime = {
  name: 'in_time',
  run(_row: number, deadline: number): number {
    if (performance.now() > deadline) throw new OverTime()
    return 1
  },
}
