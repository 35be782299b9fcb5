/**
 * The port to a database over PostgreSQL, for several nodes at once. A transaction is SERIALIZABLE, which is what makes
 * the stores' code, that was written as if nobody else were there, right here too; one that met another is done again.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Pool, type PoolClient } from 'pg'
import type { Sql, SqlValue, SqlWriter, WriteOptions } from '../sql.ts'
import { postgresDialect } from './dialect.ts'
import { faultOf, maySucceedAgain } from './faults.ts'
import { createTableColumns } from './statements.ts'
import { numberMarks } from './translate.ts'
import { resultTypes, toPostgres } from './values.ts'
import { openWriter } from './writer.ts'

const SECOND = 1000
const connections = 20
const longestPauseMilliseconds = 100

/** Opens a connection pool on the database at `address`, such as `postgres://user:password@host/name`. */
export function openPostgres(address: string): Sql {
  const pool = new Pool({
    connectionString: address,
    application_name: 'chartkey',
    types: resultTypes,
    max: connections,
    connectionTimeoutMillis: 10 * SECOND,
    idleTimeoutMillis: 30 * SECOND,
    // Whoever has nothing left to do need not wait for them.
    allowExitOnIdle: true,
    statement_timeout: 60 * SECOND,
    idle_in_transaction_session_timeout: 60 * SECOND,
    // What is asked takes less than compiling it would.
    options: '-c jit=off',
  })
  // A connection that broke while it was idle is replaced; whoever needs it next is told when that fails too.
  pool.on('error', () => undefined)
  const columnsOf = createTableColumns()

  async function ask<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]> {
    try {
      return (await pool.query<Row & object>(numberMarks(text), values.map(toPostgres))).rows
    } catch (error) {
      throw faultOf(error)
    }
  }

  async function attempt<Result>(
    work: (tx: SqlWriter) => Promise<Result>,
    options: WriteOptions,
  ): Promise<Result> {
    const client = await pool.connect().catch((error) => Promise.reject(faultOf(error)))
    const writer = openWriter(client, columnsOf)
    try {
      await client.query(beginOf(options))
      const result = await work(writer.tx)
      await writer.flush()
      await commit(client)
      client.release()
      return result
    } catch (error) {
      await undo(client)
      throw faultOf(error)
    } finally {
      writer.end()
    }
  }

  return {
    dialect: postgresDialect,
    get: async <Row>(text: string, ...values: SqlValue[]) => (await ask<Row>(text, values))[0],
    all: (text, ...values) => ask(text, values),
    async write(work, options = {}) {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(work, options)
        } catch (error) {
          if (!maySucceedAgain(error, tries)) throw error
        }
        // Those that met are not to meet again at once.
        await pause(randomInt(Math.min(2 ** tries, longestPauseMilliseconds)))
      }
    },
    isReady: async () => (await ask('SELECT 1 AS one', []).catch(() => [])).length > 0,
    async close() {
      if (!pool.ended) await pool.end()
    },
  }
}

/**
 * Work in turn waits before it sees anything, and sees what was done before it; nothing else changes what it changes.
 * Much work may take its time.
 */
function beginOf({ alone, inTurn }: WriteOptions): string {
  const limit = alone ? 'SET LOCAL statement_timeout = 0;' : ''
  if (inTurn === undefined) return `BEGIN ISOLATION LEVEL SERIALIZABLE; ${limit}`
  return `BEGIN ISOLATION LEVEL READ COMMITTED; ${limit} SELECT pg_advisory_xact_lock(hashtext('chartkey'), hashtext('${inTurn}'))`
}

/** What failed before, unnoticed by the work, makes PostgreSQL answer COMMIT by undoing everything. */
async function commit(client: PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT')
  if (command !== 'COMMIT') throw new Error('the transaction had failed and was undone')
}

/** A connection that cannot even undo is thrown away. */
async function undo(client: PoolClient): Promise<void> {
  try {
    await client.query('ROLLBACK')
    client.release()
  } catch {
    client.release(true)
  }
}
