/**
 * Work that waits for the same turn shares a transaction: the turn is taken once and committed once, which is most of what
 * such work costs. Each piece stands or falls by itself, and is told only when all of them are durable.
 */
import {
  type Doable,
  doAtOnce,
  doWithCare,
  firstSavepoint,
  type Outcome,
  type Work,
  type WritersOn,
} from './group.ts'
import { sendOn } from './send.ts'
import { beginOf, type Transactions } from './transactions.ts'

export interface Turns {
  /** Does `work` in one transaction with others that wait for the turn on this node; resolves when it is durable. */
  take<Result>(turn: string, work: Work<Result>, beside?: boolean): Promise<Result>
}

interface Piece extends Doable {
  readonly done: (result: unknown) => void
  readonly failed: (reason: unknown) => void
}

/** PostgreSQL has 64 savepoints of a transaction at hand; with more, all others look up slowly what it has written. */
const mostPieces = 50
/** Those that are done wait for those that follow, and so do other nodes: so many milliseconds, and one piece more. */
const longestMilliseconds = 50
/** Whoever waits for a row that is held by a transaction without a turn lets others go by, and is done again. */
const longestLockMilliseconds = 200

/** Groups the work of one node; what comes while a group is under way is the next. */
export function createTurns({ run }: Transactions, writersOn: WritersOn): Turns {
  /** What waits for a turn, as long as a group of it is under way. */
  const waiting = new Map<string, Piece[]>()

  async function commitAll(turn: string, queue: Piece[]): Promise<void> {
    while (queue.length > 0) await commitSome(turn, queue)
    waiting.delete(turn)
  }

  async function commitSome(turn: string, queue: Piece[]): Promise<void> {
    const group: Piece[] = []
    let since: number | undefined
    try {
      const outcomes = await run(beginGroup(turn), (client, begun) => {
        begun.then(() => (since = performance.now()), ignore)
        const pieces = some(queue, group, () => since)
        return doAtOnce(client, writersOn, pieces).catch(async () => {
          await begun
          // Who can answer this has answered everything before: nothing of it is kept.
          await sendOn(client, `ROLLBACK; ${beginGroup(turn)}; ${firstSavepoint}`)
          return doWithCare(client, writersOn, group)
        })
      })
      for (const [at, piece] of group.entries()) tell(piece, outcomes[at])
    } catch (error) {
      // Nothing is known to be kept: nobody may believe that theirs is. Where no turn can be had, nobody waits longer.
      if (since === undefined) group.push(...queue.splice(0))
      for (const { failed } of group) failed(error)
    }
  }

  return {
    take: (turn, work, beside = false) =>
      new Promise((done, failed) => {
        const piece: Piece = { work, beside, done: done as Piece['done'], failed }
        const queue = waiting.get(turn)
        if (queue) queue.push(piece)
        else {
          const first = [piece]
          waiting.set(turn, first)
          // The rest of what the event loop has at hand joins before anything is sent.
          setImmediate(commitAll, turn, first)
        }
      }),
  }
}

function beginGroup(turn: string): string {
  return `${beginOf({ inTurn: turn })}; SET LOCAL lock_timeout = ${longestLockMilliseconds}`
}

/** Moves pieces from the queue to the group: those that wait now, as long as they are not too many or too late. */
function* some(queue: Piece[], group: Piece[], since: () => number | undefined) {
  for (let left = Math.min(queue.length, mostPieces); left > 0 && !isLate(since()); left--) {
    const piece = queue.shift() as Piece
    group.push(piece)
    yield piece
  }
}

function isLate(since = Number.POSITIVE_INFINITY): boolean {
  return performance.now() - since > longestMilliseconds
}

function tell({ done, failed }: Piece, outcome: Outcome | undefined): void {
  if (!outcome || 'error' in outcome) failed(outcome?.error)
  else done(outcome.result)
}

const ignore = () => undefined
