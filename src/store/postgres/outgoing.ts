/**
 * Rows that are to be added wait for the next statement, so that all tables of a resource are one way to the server.
 * When they are many they are sent while more are being made; one statement is under way at a time.
 */
import type { AddedRows, Statement } from './statements.ts'

/** What was sent. */
export interface Sent {
  /** Resolves when the server has taken it; rejects when it refused. */
  readonly taken: Promise<unknown>
}

export interface Outgoing {
  add(rows: AddedRows): Promise<void>
  /** Sends what was added; whatever is sent from then on comes after it. */
  send(): Promise<Sent>
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
  let taken: Promise<unknown> = Promise.resolve()

  function start(): void {
    const rows = waiting
    waiting = []
    count = 0
    sent = sent.then(async () => {
      const statement = await make(rows)
      taken = inOrder(taken, send(statement))
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
        await taken
        start()
      }
    },
    async send() {
      if (count > 0) start()
      await sent
      return { taken }
    },
  }
}

/**
 * The answer to what was sent second, once the first was answered. When both are refused the first refusal is told: it is
 * the cause of the other.
 */
export function inOrder<Answer>(first: Promise<unknown>, second: Promise<Answer>): Promise<Answer> {
  second.catch(ignore)
  const answer = first.then(() => second)
  // It may be looked at only later, or not at all where something else has failed.
  answer.catch(ignore)
  return answer
}

const ignore = () => undefined
