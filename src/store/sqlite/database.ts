/**
 * One SQLite database file behind the few calls the stores need: prepared statements are kept, writes that must
 * hold together run in one transaction, and what was committed survives the loss of the process or of power.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { createCommitGroup } from './commit-group.ts'
import { noLog, openWriteAheadLog } from './write-ahead-log.ts'

/** A value that can be bound to a statement. */
export type SqlValue = string | number | bigint | null | Uint8Array

/** A result row, by column name. */
export type SqlRow = Record<string, SqlValue>

export interface Database {
  /** A prepared statement, kept for the next call with the same text. */
  prepare(sql: string): StatementSync
  /** The first row, typed by the caller, or nothing. */
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined
  all<Row>(sql: string, ...values: SqlValue[]): Row[]
  /** Runs a statement; gives the number of changed rows and the last row id. */
  run(sql: string, ...values: SqlValue[]): { changes: number; lastInsertRowid: number }
  /** Runs a script of several statements without values. */
  exec(sql: string): void
  /** Runs `work` in one write transaction: all of it is kept, or, when it throws, nothing. Not nestable. */
  transaction<Result>(work: () => Result): Result
  /** The same, in one transaction with the work of other requests of this turn; resolves when it is durable. */
  together<Result>(work: () => Result): Promise<Result>
  readonly inTransaction: boolean
  /** Whether it answers, and what is committed still reaches the disk. */
  isReady(): boolean
  close(): void
}

const busyTimeoutMilliseconds = 10_000
const keptStatements = 500
const pageCacheKibibytes = 64 * 1024
/** The log is copied into the database when it has so many pages of 4 KiB: an import writes each page less often. */
const checkpointPages = 8000

/** Opens (or makes) `chartkey.db` in `folder`; `':memory:'` gives a database that lives as long as it is open. */
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

  function execute(sql: string): void {
    prepare(sql).run()
  }

  function commit<Result>(work: () => Result): Result {
    execute('BEGIN IMMEDIATE')
    try {
      const result = work()
      // A promise would still be running when the transaction ends.
      if (result instanceof Promise) throw new TypeError('a transaction takes synchronous work only')
      execute('COMMIT')
      return result
    } catch (error) {
      if (connection.isTransaction) execute('ROLLBACK')
      throw error
    }
  }

  function transaction<Result>(work: () => Result): Result {
    const result = commit(work)
    log.flushNow()
    return result
  }

  return {
    prepare,
    get: <Row>(sql: string, ...values: SqlValue[]) => prepare(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SqlValue[]) => prepare(sql).all(...values) as Row[],
    run(sql, ...values) {
      const { changes, lastInsertRowid } = prepare(sql).run(...values)
      // By itself it is a transaction of its own.
      if (!connection.isTransaction) log.flushNow()
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) }
    },
    exec: (sql) => connection.exec(sql),
    transaction,
    together: createCommitGroup({ exec: execute, transaction: commit, flush: log.flush }),
    get inTransaction() {
      return connection.isTransaction
    },
    isReady: () => !log.broken && prepare('SELECT 1').get() !== undefined,
    close() {
      statements.clear()
      log.close()
      if (connection.isOpen) connection.close()
    },
  }
}

const inMemory = ':memory:'

function fileIn(folder: string): string {
  return folder === inMemory ? folder : join(folder, 'chartkey.db')
}

function connect(folder: string): DatabaseSync {
  if (folder !== inMemory) mkdirSync(folder, { recursive: true, mode: 0o700 })
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
  return connection
}
