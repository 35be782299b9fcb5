/** Pieces of work in one transaction, one after another: all at once as long as none fails, else each behind a savepoint. */
import type { PoolClient } from 'pg'
import type { SqlWriter } from '../sql.ts'
import { faultOf } from './faults.ts'
import { inOrder } from './outgoing.ts'
import { sendOn } from './send.ts'
import { commit } from './transactions.ts'
import type { Writers } from './writer.ts'

export type Work<Result> = (tx: SqlWriter) => Promise<Result>

/** A piece of it. */
export interface Doable {
  readonly work: Work<unknown>
  /** Whether others like it may be under way beside it. */
  readonly beside: boolean
}

/** What a piece came to. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown }

/** Makes writers of the transaction that the connection is in, for works that are kept or undone together. */
export type WritersOn = (client: PoolClient) => Writers

/**
 * Does them and commits. Those that may are under way beside each other, so that all of them are one way to the server and
 * back; others come after those before them. What pieces have added is sent once, before something is asked or at the end:
 * that it was taken is known when the commit is answered. Throws when anything failed, whichever piece it was of.
 */
export async function doAtOnce(
  client: PoolClient,
  writersOn: WritersOn,
  pieces: Iterable<Doable>,
): Promise<Outcome[]> {
  const writers = writersOn(client)
  const outcomes: Promise<Outcome>[] = []
  let isBeside = true
  for (const piece of pieces) {
    // What is under way is over before anybody hears of a failure: nothing more is sent then.
    if (!(piece.beside && isBeside)) await allOf(outcomes)
    isBeside = piece.beside
    outcomes.push(outcomeOf(piece.work, writers))
  }
  const done = await allOf(outcomes)
  await sendAndCommit(client, writers)
  return done
}

async function outcomeOf(work: Work<unknown>, writers: Writers): Promise<Outcome> {
  return { result: await carryOut(work, writers) }
}

/** Does work with a writer of its own, which is of no use afterwards. */
export async function carryOut<Result>(work: Work<Result>, writers: Writers): Promise<Result> {
  const writer = writers.open()
  try {
    return await work(writer.tx)
  } finally {
    writer.end()
  }
}

/** Commits what the writers of the transaction have done. */
export async function sendAndCommit(client: PoolClient, writers: Writers): Promise<void> {
  const { taken } = await writers.send()
  await inOrder(taken, commit(client))
}

/** All of them, once none is under way any more; throws the first failure in their order. */
async function allOf<Value>(promises: readonly Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(promises)
  return Promise.all(promises)
}

/** The savepoint before the first of those that are done with care. */
export const firstSavepoint = 'SAVEPOINT piece'

/** Does them so that what fails is undone alone, and commits. Throws when nothing is kept, or nobody knows. */
export async function doWithCare(
  client: PoolClient,
  writersOn: WritersOn,
  pieces: readonly Doable[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { work } of pieces) outcomes.push(await doOne(client, writersOn(client), work))
  await commit(client)
  return outcomes
}

async function doOne(client: PoolClient, writers: Writers, work: Work<unknown>): Promise<Outcome> {
  try {
    const outcome = await outcomeOf(work, writers)
    const { taken } = await writers.send()
    await inOrder(taken, sendOn(client, 'RELEASE piece; SAVEPOINT piece'))
    return outcome
  } catch (error) {
    await sendOn(client, 'ROLLBACK TO piece')
    return { error: faultOf(error) }
  }
}
