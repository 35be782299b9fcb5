/**
 * Writes of requests that run at the same time, committed together: what costs in a durable commit is the disk, and one
 * wait serves all of them. Each piece of work still stands or falls by itself, and is told only once it is durable.
 */

/** What a group needs of a database. */
export interface GroupTarget {
  exec(sql: string): void
  /** Commits, so that others see it; it need not be on the disk yet. */
  transaction<Result>(work: () => Result): Result
  /** Resolves when all that was committed is on the disk. */
  flush(): Promise<void>
}

interface Waiting {
  readonly work: () => unknown
  readonly done: (result: unknown) => void
  readonly failed: (reason: unknown) => void
}

type Outcome = { readonly result: unknown } | { readonly error: unknown }

/** Makes the function that adds work to the group of this turn of the event loop. */
export function createCommitGroup(target: GroupTarget) {
  const waiting: Waiting[] = []
  let busy = false

  async function commitAll(): Promise<void> {
    busy = true
    // What comes while the disk is busy could not be told of before its next turn: it shares one commit.
    while (waiting.length > 0) await commit(waiting.splice(0))
    busy = false
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = target.transaction(() => group.map(({ work }) => attempt(work)))
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

  /** Runs one piece of work so that its failure undoes it alone. */
  function attempt(work: () => unknown): Outcome {
    target.exec('SAVEPOINT piece')
    try {
      const result = work()
      target.exec('RELEASE piece')
      return { result }
    } catch (error) {
      target.exec('ROLLBACK TO piece')
      target.exec('RELEASE piece')
      return { error }
    }
  }

  return function together<Result>(work: () => Result): Promise<Result> {
    return new Promise((done, failed) => {
      waiting.push({ work, done: done as (result: unknown) => void, failed })
      // The rest of this turn's requests join before anything is written.
      if (waiting.length === 1 && !busy) setImmediate(commitAll)
    })
  }
}
