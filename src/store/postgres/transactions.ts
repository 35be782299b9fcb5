/** Transactions, each on a connection of its own. What begins one is sent with its first statement, and what commits it with its last. */
import type { Pool, PoolClient } from 'pg'
import type { WriteOptions } from '../sql.ts'
import { faultOf } from './faults.ts'
import { sendOn } from './send.ts'
import { nameOf } from './statement-names.ts'

/** What was done and is seen by everybody, though it may not be on the disk yet. */
export interface Ahead<Result> {
  readonly result: Result
  /** Resolves when it is kept whatever happens; rejects when nobody knows. */
  readonly durable: Promise<void>
}

export interface Transactions {
  /**
   * Begins a transaction by `begin`. `work` has to end it by {@link commit}; when it throws, all is undone, and so it is
   * when the beginning failed, which throws what it failed of. `begun` resolves when the server has begun.
   */
  run<Result>(
    begin: string,
    work: (client: PoolClient, begun: Promise<unknown>) => Promise<Result>,
  ): Promise<Result>
  /** The same, resolved before the disk has it: others may begin meanwhile, and nobody may be told. */
  runAhead<Result>(
    begin: string,
    work: (client: PoolClient, begun: Promise<unknown>) => Promise<Result>,
  ): Promise<Ahead<Result>>
}

/** Transactions over connections of the pool. */
export function createTransactions(pool: Pool): Transactions {
  async function runOn<Result>(
    begin: string,
    work: (client: PoolClient, begun: Promise<unknown>) => Promise<Result>,
  ): Promise<{ readonly client: PoolClient; readonly result: Result }> {
    const client = await pool.connect().catch((error) => Promise.reject(faultOf(error)))
    const begun = sendOn(client, begin)
    begun.catch(ignore)
    try {
      return { client, result: await work(client, begun) }
    } catch (error) {
      await undo(client)
      // What failed behind it failed because of it.
      throw faultOf(
        await begun.then(
          () => error,
          (cause) => cause,
        ),
      )
    }
  }

  return {
    async run(begin, work) {
      const { client, result } = await runOn(begin, work)
      client.release()
      return result
    },
    async runAhead(begin, work) {
      const { client, result } = await runOn(`${begin}; ${ahead}`, work)
      return { result, durable: flush(client) }
    },
  }
}

/** The commit of this transaction does not wait for the disk. */
const ahead = 'SET LOCAL synchronous_commit = off'

/** A transaction that changes nothing but the log, and waits for it as the connection does by itself. */
const message = "SELECT pg_logical_emit_message(true, 'chartkey', '')"

/**
 * Waits until the log is kept as far as it is written now, and gives the connection back. It has to be the one that
 * committed: its process lives only as long as what it wrote into the log and not yet to the disk, and another might be
 * at another server by now.
 */
async function flush(client: PoolClient): Promise<void> {
  try {
    await sendOn(client, { name: nameOf(message), text: message, values: [] })
    client.release()
  } catch (cause) {
    client.release(true)
    // No refusal that would be tried again: it was done already.
    throw new Error('what was committed may not be kept', { cause: faultOf(cause) })
  }
}

/**
 * Work in turn waits before it sees anything, and sees what was done before it; nothing else changes what it changes.
 * Much work may take its time.
 */
export function beginOf({ alone, inTurn }: WriteOptions): string {
  const limit = alone ? '; SET LOCAL statement_timeout = 0' : ''
  if (inTurn === undefined) return `BEGIN ISOLATION LEVEL SERIALIZABLE${limit}`
  return `BEGIN ISOLATION LEVEL READ COMMITTED${limit}; SELECT pg_advisory_xact_lock(hashtext('chartkey'), hashtext('${inTurn}'))`
}

/** Commits. What failed before, unnoticed by the work, makes PostgreSQL answer by undoing everything; then it throws. */
export async function commit(client: PoolClient): Promise<void> {
  const { command } = await sendOn(client, 'COMMIT')
  if (command !== 'COMMIT') throw new Error('the transaction had failed and was undone')
}

/** A connection that cannot even undo is thrown away. */
async function undo(client: PoolClient): Promise<void> {
  try {
    await sendOn(client, 'ROLLBACK')
    client.release()
  } catch {
    client.release(true)
  }
}

const ignore = () => undefined
