/**
 * Writes of requests that run at the same time, committed together: what costs in a durable commit is the disk, and one
 * wait serves all of them. Each piece of work still stands or falls by itself, and is told only once it is durable.
 */
import { carryOut, type Outcome, type TransactionTarget, type Work } from './group-transaction.ts'
import { createPace } from './pace.ts'

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
  /** Why the last transaction was not kept; nothing when it was. */
  readonly lost: unknown
  /** Adds work to the group that is gathered; resolves when it is durable. */
  together<Result>(work: (together: object) => Promise<Result>): Promise<Result>
  /** Work for a transaction of its own. */
  alone<Result>(work: (together: object) => Promise<Result>): Promise<Result>
}

/** Groups the writes of one connection. */
export function createCommitGroup(target: GroupTarget): CommitGroup {
  const waiting: Piece[] = []
  const pace = createPace(() => waiting.length)
  let busy = false
  let open: Promise<void> | undefined
  let lost: unknown

  /** Resolves when it is done, not when it is durable: the disk has its own pace. */
  async function commit(group: readonly Piece[]): Promise<void> {
    const failAll = (error: unknown) => {
      for (const one of group) one.failed(error)
    }
    try {
      const works = group.map(({ work }) => work)
      const outcomes = await exclusively(() => carryOut(works, target))
      lost = undefined
      void keep(group, outcomes).catch(failAll)
    } catch (error) {
      lost = error
      // Nothing is known to be kept: nobody may believe that theirs is.
      failAll(error)
    }
  }

  async function keep(group: readonly Piece[], outcomes: readonly Outcome[]): Promise<void> {
    await pace.atDisk(group.length, target.flush)
    outcomes.forEach((outcome, at) => {
      if ('error' in outcome) group[at]?.failed(outcome.error)
      else group[at]?.done(outcome.result)
    })
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
    while (waiting.length > 0) {
      await pace.ripe()
      await commit(waiting.splice(0))
    }
    busy = false
  }

  return {
    get open() {
      return open
    },
    get lost() {
      return lost
    },
    together: (work) =>
      new Promise((done, failed) => {
        waiting.push({ work, done: done as Piece['done'], failed })
        pace.came()
        // The rest of this turn's requests join before anything is written.
        if (waiting.length === 1 && !busy) setImmediate(commitWaiting)
      }),
    alone: (work) =>
      new Promise((done, failed) => {
        setImmediate(commit, [{ work, done: done as Piece['done'], failed }])
      }),
  }
}
