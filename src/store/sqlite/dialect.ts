/** How SQLite says what databases say differently. The query planner obeys the hints; it keeps no statistics of ours. */
import { type Dialect, OverTime } from '../sql.ts'

/** Greater than every other character, so that a prefix and it are past all that begins with the prefix. */
const lastCharacter = '\u{10FFFF}'

export const sqliteDialect: Dialect = {
  name: 'sqlite',
  recordsAtOnce: 20,
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
  // Each candidate is asked about by itself anyway.
  ofFew() {
    return this
  },
  aboutOne: '',
  within(milliseconds) {
    const clock = performance.now()
    const worked = workedAt(clock) + milliseconds
    return {
      ...sqliteDialect,
      // Asked of one row in 64 only, whatever order there is in their numbers: it costs more than most conditions.
      inTime: (row) => ({
        text: `(${row} * 40503 >> 7 & 63 OR ${inTime.name}(${row}, ?, ?))`,
        values: [clock + milliseconds, worked],
      }),
    }
  },
}

/** What the thread had worked a moment ago, in milliseconds: to ask costs as much as a small search. */
let known = { clock: Number.NEGATIVE_INFINITY, worked: 0 }
const moment = 50

function workedAt(clock: number): number {
  if (clock - known.clock > moment) known = { clock, worked: workedSoFar() }
  return known.worked
}

function workedSoFar(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/**
 * The function of SQL that fails when it is too late: SQLite has no other way to give a statement up that is running.
 * It is late when the clock says so and this thread did work for so long: what others do on the machine does not count.
 */
export const inTime = {
  name: 'in_time',
  run(_row: number, clock: number, worked: number): number {
    if (performance.now() > clock && workedSoFar() > worked) throw new OverTime()
    return 1
  },
}
