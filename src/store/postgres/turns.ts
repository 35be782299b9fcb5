/**
 * Work that waits for the same turn shares a transaction: the turn is taken once and committed once, which is most of what
 * such work costs. Each piece stands or falls by itself, and is told only when all of them are durable.
 */

import { createPace, type Pace } from '../pace.ts'
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

interface Turn {
  readonly name: string
  /** What waits. */
  readonly queue: Piece[]
  readonly pace: Pace
  /** Groups that are committed and not on the disk yet. */
  readonly atDisk: Set<Promise<void>>
  /** A group is under way. */
  busy: boolean
}

/** One that the disk works for, and one that will be next. Each holds a connection. */
const mostAtDisk = 2
/** PostgreSQL has 64 savepoints of a transaction at hand; with more, all others look up slowly what it has written. */
const mostPieces = 50
/** Those that are done wait for those that follow, and so do other nodes: so many milliseconds, and one piece more. */
const longestMilliseconds = 50
/** Whoever waits for a row that is held by a transaction without a turn lets others go by, and is done again. */
const longestLockMilliseconds = 200

/** Groups the work of one node; what comes while a group is under way is the next. */
export function createTurns({ runAhead }: Transactions, writersOn: WritersOn): Turns {
  const turns = new Map<string, Turn>()

  async function commitAll(turn: Turn): Promise<void> {
    turn.busy = true
    while (turn.queue.length > 0) {
      while (turn.atDisk.size >= mostAtDisk) await Promise.race(turn.atDisk)
      await turn.pace.ripe()
      await commitSome(turn)
    }
    turn.busy = false
  }

  /** Resolves when others may begin. */
  async function commitSome({ name, queue, pace, atDisk }: Turn): Promise<void> {
    const group: Piece[] = []
    const failAll = (error: unknown) => {
      for (const { failed } of group) failed(error)
    }
    let since: number | undefined
    try {
      const { result, durable } = await runAhead(beginGroup(name), (client, begun) => {
        begun.then(() => (since = performance.now()), ignore)
        const pieces = some(queue, group, () => since)
        return doAtOnce(client, writersOn, pieces).catch(async () => {
          await begun
          // Who can answer this has answered everything before: nothing of it is kept.
          await sendOn(client, `ROLLBACK; ${beginGroup(name)}; ${firstSavepoint}`)
          return doWithCare(client, writersOn, group)
        })
      })
      const told = pace
        .atDisk(group.length, () => durable)
        .then(() => tellAll(group, result), failAll)
        .finally(() => atDisk.delete(told))
      atDisk.add(told)
    } catch (error) {
      // Nothing is known to be kept: nobody may believe that theirs is. Where no turn can be had, nobody waits longer.
      if (since === undefined) group.push(...queue.splice(0))
      failAll(error)
    }
  }

  function turnOf(name: string): Turn {
    const known = turns.get(name)
    if (known) return known
    const queue: Piece[] = []
    const turn = {
      name,
      queue,
      pace: createPace(() => queue.length),
      atDisk: new Set<Promise<void>>(),
      busy: false,
    }
    turns.set(name, turn)
    return turn
  }

  return {
    take: (name, work, beside = false) =>
      new Promise((done, failed) => {
        const turn = turnOf(name)
        turn.queue.push({ work, beside, done: done as Piece['done'], failed })
        turn.pace.came()
        // The rest of what the event loop has at hand joins before anything is sent.
        if (turn.queue.length === 1 && !turn.busy) setImmediate(commitAll, turn)
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

function tellAll(group: readonly Piece[], outcomes: readonly Outcome[]): void {
  for (const [at, { done, failed }] of group.entries()) {
    const outcome = outcomes[at]
    if (!outcome || 'error' in outcome) failed(outcome?.error)
    else done(outcome.result)
  }
}

const ignore = () => undefined
