/**
 * Rows that are to be added wait for the next statement, so that all tables of a resource are one way to the server.
 * When they are many they are sent while more are being made; one statement is under way at a time.
 */
import type { AddedRows } from './statements.ts'

export interface Outgoing {
  add(rows: AddedRows): Promise<void>
  /** Resolves when the server has all that was added; throws what it refused. */
  flush(): Promise<void>
}

/** So many rows are enough to be sent: more would save little, and be held in memory. */
const rowsAtOnce = 5000

/** Makes what sends rows by `send`. */
export function createOutgoing(send: (rows: readonly AddedRows[]) => Promise<void>): Outgoing {
  let waiting: AddedRows[] = []
  let count = 0
  let underWay: Promise<void> = Promise.resolve()

  async function start(): Promise<void> {
    const rows = waiting
    waiting = []
    count = 0
    await underWay
    underWay = send(rows)
    // Whoever sends next, or flushes, is told of a failure.
    underWay.catch(() => undefined)
  }

  return {
    async add({ rows, ...same }) {
      for (let at = 0; at < rows.length; at += rowsAtOnce) {
        const some = rows.slice(at, at + rowsAtOnce)
        waiting.push({ ...same, rows: some })
        count += some.length
        if (count >= rowsAtOnce) await start()
      }
    },
    async flush() {
      if (count > 0) await start()
      await underWay
    },
  }
}
