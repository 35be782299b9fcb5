/**
 * Reads that take little: those that are under way on a node share a connection, one behind the other. Each takes less than
 * waking another process of the server would, and those that are asked in one turn of the event loop are one packet. Where
 * one takes long after all, those that come later have another connection.
 */
import type { Pool, PoolClient, QueryConfig } from 'pg'
import type { Answer } from './batch.ts'
import { sendOn } from './send.ts'

export interface Reads {
  /** Asks behind others; `apart` from those where it might take long. What is known to is not for this. */
  ask<Row>(query: QueryConfig, apart: boolean): Promise<Answer<Row>>
}

/** A connection that is lent as long as something is under way on it. */
interface Line {
  readonly client: Promise<PoolClient>
  readonly broken: () => void
  /** When each was asked that is not answered yet, the oldest first. */
  readonly asked: number[]
}

/** Nobody joins a line whose first has waited so long. */
const longestMilliseconds = 10
/** Others need connections, too. */
const mostLines = 8

/** Reads over connections of the pool. */
export function createReads(pool: Pool): Reads {
  const lines = new Set<Line>()

  function open(): Line {
    // Over a connection that broke nothing more is asked: whoever asks next gets another.
    const broken = () => lines.delete(opened)
    const opened: Line = { client: pool.connect(), broken, asked: [] }
    opened.client.then((client) => client.once('error', broken), broken)
    lines.add(opened)
    return opened
  }

  function choose(now: number): Line {
    for (const line of lines) if (now - (line.asked[0] ?? now) < longestMilliseconds) return line
    return lines.size < mostLines ? open() : shortest(lines)
  }

  async function finish(done: Line): Promise<void> {
    done.asked.shift()
    if (done.asked.length > 0) return
    lines.delete(done)
    await done.client.then((client) => giveBack(client, done), ignore)
  }

  return {
    async ask<Row>(query: QueryConfig, apart: boolean) {
      const now = performance.now()
      const mine = choose(now)
      mine.asked.push(now)
      try {
        return await sendOn<Row>(await mine.client, query, { apart, byItself: true })
      } finally {
        await finish(mine)
      }
    },
  }
}

function shortest(lines: Iterable<Line>): Line {
  return [...lines].reduce((least, line) => (line.asked.length < least.asked.length ? line : least))
}

/** A pool keeps no connection that is broken. */
function giveBack(client: PoolClient, { broken }: Line): void {
  client.off('error', broken)
  client.release()
}

const ignore = () => undefined
