/** The connections of a node. */
import { Pool, type PoolClient } from 'pg'
import { resultTypes } from './values.ts'

const SECOND = 1000
const connections = 20
const longestStatement = 60 * SECOND

/** Opens connections to the database at `address` as they are needed. */
export function openPool(address: string): Pool {
  const pool = new Pool({
    connectionString: address,
    application_name: 'chartkey',
    types: resultTypes,
    max: connections,
    connectionTimeoutMillis: 10 * SECOND,
    idleTimeoutMillis: 30 * SECOND,
    // Statements are sent without waiting for the answers to those before.
    pipeline: true,
    // A server that is gone without a word is noticed: whoever waits for a turn waits for the one before.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10 * SECOND,
    // Whoever has nothing left to do need not wait for them.
    allowExitOnIdle: true,
    statement_timeout: longestStatement,
    idle_in_transaction_session_timeout: 60 * SECOND,
    // What is asked takes less than compiling it would.
    options: '-c jit=off',
  })
  // A connection that broke is replaced; whoever uses it, or needs the next, is told when that fails.
  pool.on('error', ignore)
  pool.on('connect', prepare)
  return pool
}

/** For so many milliseconds the database carries a statement out, where the address says nothing else; 0 is for as long as it takes. */
export function longestStatementAt(address: string): number {
  return Number(URL.parse(address)?.searchParams.get('statement_timeout') ?? longestStatement)
}

/** What is acknowledged is on the disk, whatever the database would do by itself; more than that is its own affair. */
const durable =
  "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"

/** Before anything else is sent over a new connection. Where this cannot be had, nothing can. */
function prepare(client: PoolClient): void {
  client.on('error', ignore)
  client.query(durable).catch(() => client.connection.stream.destroy())
}

const ignore = () => undefined
