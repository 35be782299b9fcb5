/**
 * The port to a database over PostgreSQL, for several nodes at once. A transaction is SERIALIZABLE, which is what makes
 * the stores' code, that was written as if nobody else were there, right here too; one that met another is done again.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { QueryConfig } from 'pg'
import type { Sql, SqlValue, SqlWriter, WriteOptions } from '../sql.ts'
import { postgresDialect } from './dialect.ts'
import { faultOf, maySucceedAgain } from './faults.ts'
import { carryOut, sendAndCommit, type WritersOn } from './group.ts'
import { longestStatementAt, openPool } from './pool.ts'
import { createReads } from './reads.ts'
import { createSearches } from './searches.ts'
import { breakOffSilent, excuse } from './silence.ts'
import { createNames } from './statement-names.ts'
import { createTableColumns, queryOf } from './statements.ts'
import { beginOf, createTransactions } from './transactions.ts'
import { numberMarks } from './translate.ts'
import { createTurns } from './turns.ts'
import { createWriters } from './writer.ts'

const longestPauseMilliseconds = 100

/** One that is a copy of another, or was set to be read only, answers and takes none. */
const takesChanges = "SELECT 1 AS one WHERE current_setting('transaction_read_only') = 'off'"

/** Opens a connection pool on the database at `address`, such as `postgres://user:password@host/name`. */
export function openPostgres(address: string): Sql {
  const pool = openPool(address)
  const stopListening = breakOffSilent(pool, longestStatementAt(address))
  const columnsOf = createTableColumns()
  const nameOf = createNames()
  const writersOn: WritersOn = (client) => createWriters(client, { columnsOf, nameOfAsked: nameOf })
  const transactions = createTransactions(pool)
  const turns = createTurns(transactions, writersOn)

  const reads = createReads(pool)
  const searches = createSearches()

  function queryFor(text: string, values: readonly SqlValue[]): QueryConfig {
    const statement = { text: numberMarks(text), values }
    return queryOf(statement, nameOf(statement.text))
  }

  /** A row is found by a key; what is asked so often that it has a name takes little as well. Searches of everything have none. */
  async function ask<Row>(query: QueryConfig, takes: 'little' | 'more' | 'long'): Promise<Row[]> {
    try {
      const { rows } = await (takes === 'long'
        ? searches.run(() => pool.query<Row & object>(query))
        : reads.ask<Row>(query, takes === 'more'))
      return rows
    } catch (error) {
      throw faultOf(error)
    }
  }

  async function askAll<Row>(text: string, values: readonly SqlValue[]): Promise<Row[]> {
    const query = queryFor(text, values)
    return ask<Row>(query, query.name === undefined ? 'long' : 'more')
  }

  function attempt<Result>(
    work: (tx: SqlWriter) => Promise<Result>,
    { alone, inTurn, beside }: WriteOptions,
  ): Promise<Result> {
    if (inTurn !== undefined && !alone) return turns.take(inTurn, work, beside)
    return transactions.run(beginOf({ alone, inTurn }), async (client) => {
      if (alone) excuse(client)
      const writers = writersOn(client)
      const result = await carryOut(work, writers)
      await sendAndCommit(client, writers)
      return result
    })
  }

  return {
    dialect: postgresDialect,
    get: async <Row>(text: string, ...values: SqlValue[]) =>
      (await ask<Row>(queryFor(text, values), 'little'))[0],
    all: (text, ...values) => askAll(text, values),
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
    isReady: async () => (await ask(queryFor(takesChanges, []), 'little').catch(() => [])).length > 0,
    async close() {
      if (!pool.ended) await pool.end()
      stopListening()
    },
  }
}
