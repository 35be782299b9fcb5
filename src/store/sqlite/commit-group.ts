/**
 * Writes of requests that run at the same time, committed together: what costs in a durable commit is the disk, and one
 * wait serves all of them. Each piece of work still stands or falls by itself, and is told only once it is durable.
 */

/** What a group needs of a database. */
export interface GroupTarget {
  /** Begins a transaction that writes. */
  begin(): void
  /** Runs a statement without values. */
  execute(sql: string): void
  /** Undoes what was begun and not committed, if anything was. */
  rollback(): void
  /** Resolves when all that was committed is on the disk. */
  flush(): Promise<void>
}

type Work = () => Promise<unknown>

interface Piece {
  readonly work: Work
  readonly done: (result: unknown) => void
  readonly failed: (reason: unknown) => void
}

type Outcome = { readonly result: unknown } | { readonly error: unknown }

export interface CommitGroup {
  /** While a transaction is open: resolves when it no longer is. Who is not part of it must wait, not look. */
  readonly open: Promise<void> | undefined
  /** Adds work to the group of this turn of the event loop; resolves when it is durable. */
  together<Result>(work: () => Promise<Result>): Promise<Result>
  /** Work for a transaction of its own. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Groups the writes of one connection. */
export function createCommitGroup(target: GroupTarget): CommitGroup {
  const waiting: Piece[] = []
  let busy = false
  let open: Promise<void> | undefined

  async function commit(group: readonly Piece[], attempt: (work: Work) => Promise<Outcome>): Promise<void> {
    try {
      const outcomes = await transaction(group, attempt)
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

  async function transaction(group: readonly Piece[], attempt: (work: Work) => Promise<Outcome>) {
    while (open) await open
    const { promise, resolve } = Promise.withResolvers<void>()
    open = promise
    const outcomes: Outcome[] = []
    try {
      target.begin()
      for (const { work } of group) outcomes.push(await attempt(work))
      target.execute('COMMIT')
      return outcomes
    } catch (error) {
      target.rollback()
      throw error
    } finally {
      open = undefined
      resolve()
    }
  }

  /** Runs one piece of work so that its failure undoes it alone. */
  async function attemptOne(work: Work): Promise<Outcome> {
    target.execute('SAVEPOINT piece')
    try {
      const result = await work()
      target.execute('RELEASE piece')
      return { result }
    } catch (error) {
      target.execute('ROLLBACK TO piece')
      target.execute('RELEASE piece')
      return { error }
    }
  }

  async function commitWaiting(): Promise<void> {
    busy = true
    // What comes while the disk is busy could not be told of before its next turn: it shares one commit.
    while (waiting.length > 0) await commit(waiting.splice(0), attemptOne)
    busy = false
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
        const piece = { work, done: done as Piece['done'], failed }
        setImmediate(commit, [piece], async (only: Work) => ({ result: await only() }))
      }),
  }
}
