/**
 * One connection to a SQLite database file: prepared statements are kept, and what was committed is in the log that
 * `flush` brings to the disk. Everything here is done when it returns.
 */
import { DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { UnusableStore } from '../unusable.ts'
import { inTime } from './dialect.ts'
import { databaseIn, makeFolder } from './folder.ts'
import { noLog, openWriteAheadLog } from './write-ahead-log.ts'

/** A value that can be bound to a statement. */
export type BoundValue = string | number | null

export interface Database {
  /** The first row, typed by the caller, or nothing. */
  get<Row>(sql: string, values: readonly BoundValue[]): Row | undefined
  all<Row>(sql: string, values: readonly BoundValue[]): Row[]
  /** Runs a statement; gives the number of changed rows. */
  run(sql: string, values: readonly BoundValue[]): { readonly changes: number }
  /** Runs a statement once for each row of values. */
  runEach(sql: string, rows: readonly (readonly BoundValue[])[]): void
  /** Runs a statement without values. */
  execute(sql: string): void
  /** Runs a script of several statements without values. */
  script(sql: string): void
  /** Lets the reads of this turn of the event loop share one look at the database. */
  look(): void
  /** Begins a transaction that writes; whoever reads from now on sees what it does. */
  begin(): void
  /** Undoes the open transaction, if there is one. */
  rollback(): void
  /** Resolves when all that was committed is on the disk. */
  flush(): Promise<void>
  /** Whether it answers, and what is committed still reaches the disk. */
  isReady(): boolean
  close(): void
}

const busyTimeoutMilliseconds = 10_000
const keptStatements = 500
const pageCacheKibibytes = 64 * 1024
/** The log is copied into the database when it has so many pages of 4 KiB: an import writes each page less often. */
const checkpointPages = 8000

/**
 * Opens (or makes) `chartkey.db` in `folder`; `':memory:'` gives a database that lives as long as it is open. Throws
 * {@link UnusableStore} where there is none that can be opened.
 */
export function openDatabase(folder: string): Database {
  const connection = connect(folder)
  const log = folder === inMemory ? noLog : openWriteAheadLog(`${fileIn(folder)}-wal`)
  const statements = new Map<string, StatementSync>()

  function prepare(sql: string): StatementSync {
    const kept = statements.get(sql)
    if (kept) return kept
    // Search makes many different texts: the oldest goes when there are too many.
    if (statements.size >= keptStatements) statements.delete(statements.keys().next().value as string)
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  let looking = false

  function execute(sql: string): void {
    prepare(sql).run()
  }

  function lookAway(): void {
    if (!looking) return
    looking = false
    execute('COMMIT')
  }

  return {
    look() {
      if (connection.isTransaction) return
      // To take and leave the lock costs several times what most reads do.
      execute('BEGIN')
      looking = true
      setImmediate(lookAway)
    },
    begin() {
      lookAway()
      execute('BEGIN IMMEDIATE')
    },
    get: <Row>(sql: string, values: readonly BoundValue[]) => prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, values: readonly BoundValue[]) => prepare(sql).all(...values) as Row[],
    run: (sql, values) => ({ changes: Number(prepare(sql).run(...values).changes) }),
    runEach(sql, rows) {
      const statement = prepare(sql)
      for (const row of rows) statement.run(...row)
    },
    execute,
    script: (sql) => connection.exec(sql),
    rollback() {
      if (connection.isTransaction) connection.exec('ROLLBACK')
    },
    flush: log.flush,
    isReady: () => !log.broken && prepare('SELECT 1').get() !== undefined,
    close() {
      lookAway()
      statements.clear()
      log.close()
      if (connection.isOpen) connection.close()
    },
  }
}

const inMemory = ':memory:'

function fileIn(folder: string): string {
  return folder === inMemory ? folder : databaseIn(folder)
}

function connect(folder: string): DatabaseSync {
  try {
    if (folder !== inMemory) makeFolder(folder)
    return prepared(folder)
  } catch (error) {
    throw unusable(folder, error)
  }
}

/** SQLite's codes for one that another process holds, whatever else it adds to them. */
const held = new Set([5, 6])
const plainCode = 0xff

/** Whether what failed only came while another process held the database. */
export function isHeld(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && held.has(Number(error.errcode) & plainCode)
}

/** Why the database in a folder cannot be used; to wait for somebody else's work is no fault of the setting. */
export function unusable(folder: string, error: unknown): Error {
  const fault = error instanceof Error ? error : new Error(String(error))
  if (isHeld(fault)) return fault
  const where = 'errcode' in fault ? `${fileIn(folder)} cannot be opened: ` : ''
  return new UnusableStore(`${where}${fault.message}`, { cause: error })
}

function prepared(folder: string): DatabaseSync {
  const connection = new DatabaseSync(fileIn(folder), {
    timeout: busyTimeoutMilliseconds,
    enableForeignKeyConstraints: true,
  })
  connection.exec('PRAGMA journal_mode = WAL')
  // NORMAL keeps the database whole, but a commit waits for no disk: before any is acknowledged, the log is flushed here.
  connection.exec('PRAGMA synchronous = NORMAL')
  connection.exec(`PRAGMA cache_size = -${pageCacheKibibytes}`)
  connection.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`)
  connection.exec('PRAGMA temp_store = MEMORY')
  connection.function(
    inTime.name,
    { directOnly: true },
    inTime.run as (...values: SQLOutputValue[]) => number,
  )
  return connection
}
