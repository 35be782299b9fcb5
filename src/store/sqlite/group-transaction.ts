/**
 * Several pieces of work in one transaction, each of which stands or falls by itself. Nearly all succeed: they go without
 * the means to undo one alone, and only where one fails are all done again with them.
 */

/** What is needed of a database. */
export interface TransactionTarget {
  /** Begins a transaction that writes. */
  begin(): void
  /** Runs a statement without values. */
  execute(sql: string): void
  /** Undoes what was begun and not committed, if anything was. */
  rollback(): void
}

/** May be run again after it was undone. Those that are given the same `together` are kept or undone together. */
export type Work = (together: object) => Promise<unknown>

export type Outcome = { readonly result: unknown } | { readonly error: unknown }

/** Carries out each piece and commits what was done; throws when it is not kept. */
export async function carryOut(pieces: readonly Work[], target: TransactionTarget): Promise<Outcome[]> {
  const outcomes = await allOrNone(pieces, target)
  return pieces.length > 1 && outcomes.some(isFailure) ? eachAlone(pieces, target) : outcomes
}

/** Up to the first piece that fails: then nothing is kept. */
function allOrNone(pieces: readonly Work[], target: TransactionTarget): Promise<Outcome[]> {
  return transaction(target, async (commit) => {
    const outcomes: Outcome[] = []
    const together = {}
    for (const work of pieces) {
      const outcome = await outcomeOf(work, together)
      outcomes.push(outcome)
      if (isFailure(outcome)) return outcomes
    }
    commit()
    return outcomes
  })
}

/** The failure of a piece undoes what that piece did. */
function eachAlone(pieces: readonly Work[], target: TransactionTarget): Promise<Outcome[]> {
  return transaction(target, async (commit) => {
    const outcomes: Outcome[] = []
    for (const work of pieces) {
      target.execute('SAVEPOINT piece')
      const outcome = await outcomeOf(work, {})
      if (isFailure(outcome)) target.execute('ROLLBACK TO piece')
      target.execute('RELEASE piece')
      outcomes.push(outcome)
    }
    commit()
    return outcomes
  })
}

async function transaction<Result>(
  target: TransactionTarget,
  work: (commit: () => void) => Promise<Result>,
): Promise<Result> {
  try {
    target.begin()
    return await work(() => target.execute('COMMIT'))
  } finally {
    target.rollback()
  }
}

async function outcomeOf(work: Work, together: object): Promise<Outcome> {
  try {
    return { result: await work(together) }
  } catch (error) {
    return { error }
  }
}

function isFailure(outcome: Outcome): boolean {
  return 'error' in outcome
}
