/**
 * Reads of single rows: those that are under way on a node share a connection, one behind the other. Each takes less than
 * waking another process of the server would; and those that are asked in one go of the event loop are one packet.
 */
import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg'
import { sendOn } from './send.ts'

export interface Reads {
  /** Asks behind those that were asked before. What takes long must not be asked here: others would wait for it. */
  ask<Row>(query: QueryConfig): Promise<QueryResult<Row & object>>
}

/** A connection that is lent as long as something is under way on it. */
interface Line {
  readonly client: Promise<PoolClient>
  readonly broken: () => void
  under: number
}

/** Reads over a connection of the pool. */
export function createReads(pool: Pool): Reads {
  let line: Line | undefined

  function open(): Line {
    // Over a connection that broke nothing more is asked: whoever asks next gets another.
    const broken = () => leave(opened)
    const opened: Line = { client: pool.connect(), broken, under: 0 }
    opened.client.then((client) => client.once('error', broken), broken)
    line = opened
    return opened
  }

  function leave(left: Line): void {
    if (line === left) line = undefined
  }

  async function finish(done: Line): Promise<void> {
    if (--done.under > 0) return
    leave(done)
    await done.client.then((client) => giveBack(client, done), ignore)
  }

  return {
    async ask(query) {
      const mine = line ?? open()
      mine.under++
      try {
        return await sendOn(await mine.client, query)
      } finally {
        await finish(mine)
      }
    },
  }
}

/** A pool keeps no connection that is broken. */
function giveBack(client: PoolClient, { broken }: Line): void {
  client.off('error', broken)
  client.release()
}

const ignore = () => undefined
