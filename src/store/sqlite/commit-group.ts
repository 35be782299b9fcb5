/**
 * Writes of requests that run at the same time, committed together: what costs in a durable commit is the disk, and one
 * wait serves all of them. Each piece of work still stands or falls by itself, and is told only once it is durable.
 */
import { carryOut, type TransactionTarget, type Work } from './group-transaction.ts'

/** What a group needs of a database. */
export interface GroupTarget extends TransactionTarget {
  /** Resolves when all that was committed is on the disk. */
  flush(): Promise<void>
}

interface Piece {
  readonly work: Work
  readonly done: (result: unknown) => void
  readonly failed: (reason: unknown) => void
}

export interface CommitGroup {
  /** While a transaction is open: resolves when it no longer is. Who is not part of it must wait, not look. */
  readonly open: Promise<void> | undefined
  /** Adds work to the group that is gathered; resolves when it is durable. */
  together<Result>(work: (together: object) => Promise<Result>): Promise<Result>
  /** Work for a transaction of its own. */
  alone<Result>(work: (together: object) => Promise<Result>): Promise<Result>
}

/** So many are not kept waiting for more. */
const mostTogether = 100
/** Nor longer than so many turns of the event loop, each of which brought more. */
const mostTurns = 10

/** Groups the writes of one connection. */
export function createCommitGroup(target: GroupTarget): CommitGroup {
  const waiting: Piece[] = []
  let busy = false
  let open: Promise<void> | undefined

  async function commit(group: readonly Piece[]): Promise<void> {
    try {
      const outcomes = await exclusively(() =>
        carryOut(
          group.map(({ work }) => work),
          target,
        ),
      )
      await target.flush()
      outcomes.forEach((outcome, at) => {
        if ('error' in outcome) group[at]?.failed(outcome.error)
        else group[at]?.done(outcome.result)
      })
    } catch (error) {
      // Nothing is known to be kept: nobody may believe that theirs is.
      for (const one of group) one.failed(error)
    }
  }

  async function exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    while (open) await open
    const { promise, resolve } = Promise.withResolvers<void>()
    open = promise
    try {
      return await work()
    } finally {
      open = undefined
      resolve()
    }
  }

  async function commitWaiting(): Promise<void> {
    busy = true
    // What comes while the disk is busy could not be told of before its next turn: it shares one commit.
    while (waiting.length > 0) {
      await gather()
      await commit(waiting.splice(0))
    }
    busy = false
  }

  /** Where many come at once a commit serves them all: as long as each turn brings more, the next may too. */
  async function gather(): Promise<void> {
    let before = 1
    for (let turn = 0; turn < mostTurns; turn++) {
      if (waiting.length <= before || waiting.length >= mostTogether) return
      before = waiting.length
      await nextTurn()
    }
  }

  return {
    get open() {
      return open
    },
    together: (work) =>
      new Promise((done, failed) => {
        waiting.push({ work, done: done as Piece['done'], failed })
        // The rest of this turn's requests join before anything is written.
        if (waiting.length === 1 && !busy) setImmediate(commitWaiting)
      }),
    alone: (work) =>
      new Promise((done, failed) => {
        setImmediate(commit, [{ work, done: done as Piece['done'], failed }])
      }),
  }
}

function nextTurn(): Promise<void> {
  return new Promise((turned) => void setImmediate(turned))
}
