/**
 * Rows that are to be added wait for the next statement, so that all tables of a resource are one way to the server.
 * When they are many they are sent while more are being made; one statement is under way at a time.
 */
import type { AddedRows, Statement } from './statements.ts'

export interface Outgoing {
  add(rows: AddedRows): Promise<void>
  /**
   * Sends what was added, and right behind it, without waiting for an answer, what `next` sends. Resolves with the answer
   * to that; throws what the server refused first.
   */
  before<Answer>(next: () => Promise<Answer>): Promise<Answer>
}

/** So many rows are enough to be sent: more would save little, and be held in memory. */
const rowsAtOnce = 5000

/** Makes what sends rows by `send`, as the statement that `make` makes of them. */
export function createOutgoing(
  make: (rows: readonly AddedRows[]) => Promise<Statement>,
  send: (statement: Statement) => Promise<unknown>,
): Outgoing {
  let waiting: AddedRows[] = []
  let count = 0
  let sent: Promise<void> = Promise.resolve()
  let answered: Promise<unknown> = Promise.resolve()

  function start(): void {
    const rows = waiting
    waiting = []
    count = 0
    sent = sent.then(async () => {
      const statement = await make(rows)
      answered = bothOf(answered, send(statement))
    })
    // Whoever sends next is told of a failure.
    sent.catch(ignore)
  }

  return {
    async add({ rows, ...same }) {
      for (let at = 0; at < rows.length; at += rowsAtOnce) {
        const some = rows.slice(at, at + rowsAtOnce)
        waiting.push({ ...same, rows: some })
        count += some.length
        if (count < rowsAtOnce) continue
        await sent
        await answered
        start()
      }
    },
    async before(next) {
      if (count > 0) start()
      await sent
      return bothOf(answered, next())
    },
  }
}

/** The second answer, after the first; when both fail, the first failure is the cause of the other. */
function bothOf<Answer>(first: Promise<unknown>, second: Promise<Answer>): Promise<Answer> {
  second.catch(ignore)
  const both = first.then(() => second)
  both.catch(ignore)
  return both
}

const ignore = () => undefined
