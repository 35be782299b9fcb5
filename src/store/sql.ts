/**
 * The port to a database, the same for each that can be under the stores: texts in the SQL that all of them speak, with
 * `?` for values. What they say differently is in a {@link Dialect}. Nothing is changed outside a transaction.
 */

/** A list is for what {@link Dialect} makes of it only. */
export type SqlValue = string | number | null | readonly (string | number)[] | readonly SqlPair[]

export type SqlRow = readonly SqlValue[]

export type SqlPair = readonly [string, string]

/** SQL that carries its values: text is never made of values. */
export interface Fragment {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/** What databases say differently. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** So many records are looked for and written together: it saves a way to the server each where there is one, and statements everywhere. */
  readonly recordsAtOnce: number
  /** A column that is only compared: no index is to be chosen for it. */
  compared(column: string): string
  /** Joins a table to rows that are found first. */
  readonly thenJoin: string
  contains(column: string, text: string): Fragment
  /** Whether a column of long texts begins with a text. */
  starts(column: string, text: string): Fragment
  /** Whether a column of long texts is a text. */
  equals(column: string, text: string): Fragment
  isOneOf(column: string, values: readonly (string | number)[]): Fragment
  /** A table expression of the columns `one` and `other`. */
  pairs(values: readonly SqlPair[]): Fragment
  /** Holds for every row number, unless it is too late: then the statement fails with an {@link OverTime}. */
  inTime(row: string): Fragment
  /** The same dialect, where it is too late after so many milliseconds from now. */
  within(milliseconds: number): Dialect
  /** The same dialect, where so few candidates are expected that each is best asked about by itself: no statistics are needed. */
  ofFew(): Dialect
  /** What ends a subquery about a candidate. */
  readonly aboutOne: string
}

/** A statement was given up because it took too long. */
export class OverTime extends Error {
  override readonly name = 'OverTime'
}

export interface SqlReader {
  readonly dialect: Dialect
  /** The first row, typed by the caller, or nothing. */
  get<Row>(sql: string, ...values: SqlValue[]): Promise<Row | undefined>
  all<Row>(sql: string, ...values: SqlValue[]): Promise<Row[]>
}

/** Reads and writes in one transaction; of no use after it. */
export interface SqlWriter extends SqlReader {
  /**
   * The same for works that are kept or undone together: what one of them knows of the database still holds for those after
   * it, unless they change it.
   */
  readonly together: object
  run(sql: string, ...values: SqlValue[]): Promise<{ readonly changes: number }>
  /** Adds many rows at once; those that are there already are left out. */
  insertAll(table: string, columns: readonly string[], rows: readonly SqlRow[]): Promise<void>
  /** Adds many rows at once, none of which is there already: else it throws, at the latest when the transaction ends. */
  addAll(table: string, columns: readonly string[], rows: readonly SqlRow[]): Promise<void>
  /** Gives other values to many rows at once; each begins with what `columns` begins with, which is what finds the row. */
  updateAll(table: string, columns: readonly string[], rows: readonly SqlRow[]): Promise<void>
  /** Removes from each of the tables the rows whose `column` is one of the values. */
  removeAll(tables: readonly string[], column: string, values: readonly number[]): Promise<void>
  /** So many numbers, rising, that no row of the table has or will be given as its key `column`. */
  reserve(table: string, column: string, count: number): Promise<number[]>
  /** Runs a script of several statements without values, written for SQLite. */
  script(sql: string): Promise<void>
}

export interface WriteOptions {
  /** Much work, which shares its transaction with no other. */
  readonly alone?: boolean
  /** All work of this name is done one after another, on whichever node: it waits rather than is done again. */
  readonly inTurn?: string
  /**
   * Of work in turn: it is right also where other such work of its transaction is under way beside it, between any two of
   * its statements. What others like it may change it does not read: it decides on it by what its own statement changed.
   */
  readonly beside?: boolean
}

export interface Sql extends SqlReader {
  /**
   * Runs `work` in one write transaction, as if it were the only one at that time; it may be run again when it was not.
   * Resolves when the changes are durable; when `work` throws, none is kept. It must use the writer it is given only.
   */
  write<Result>(work: (tx: SqlWriter) => Promise<Result>, options?: WriteOptions): Promise<Result>
  /** Whether it answers, and what is written is kept. */
  isReady(): Promise<boolean>
  close(): Promise<void>
}
