/** Transactions, each on a connection of its own. What begins one is sent with its first statement, and what commits it with its last. */
import type { Pool, PoolClient } from 'pg'
import type { WriteOptions } from '../sql.ts'
import { faultOf } from './faults.ts'
import { sendOn } from './send.ts'

export interface Transactions {
  /**
   * Begins a transaction by `begin`. `work` has to end it by {@link commit}; when it throws, all is undone, and so it is
   * when the beginning failed, which throws what it failed of. `begun` resolves when the server has begun.
   */
  run<Result>(
    begin: string,
    work: (client: PoolClient, begun: Promise<unknown>) => Promise<Result>,
  ): Promise<Result>
}

/** Transactions over connections of the pool. */
export function createTransactions(pool: Pool): Transactions {
  return {
    async run(begin, work) {
      const client = await pool.connect().catch((error) => Promise.reject(faultOf(error)))
      const begun = sendOn(client, begin)
      begun.catch(ignore)
      try {
        const result = await work(client, begun)
        client.release()
        return result
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
    },
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
