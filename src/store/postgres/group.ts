/** Pieces of work in one transaction, one after another: all at once as long as none fails, else each behind a savepoint. */
import type { PoolClient } from 'pg'
import type { SqlWriter } from '../sql.ts'
import { faultOf } from './faults.ts'
import { inOrder } from './outgoing.ts'
import { sendOn } from './send.ts'
import { commit } from './transactions.ts'
import type { OpenWriter } from './writer.ts'

export type Work<Result> = (tx: SqlWriter) => Promise<Result>

/** A piece of it. */
export interface Doable {
  readonly work: Work<unknown>
  /** Whether others like it may be under way beside it. */
  readonly beside: boolean
}

/** What a piece came to. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown }

/** Makes a writer of the transaction that the connection is in; those that are given the same are kept or undone together. */
export type WriterOn = (client: PoolClient, together?: object) => OpenWriter

/**
 * Does them and commits. Those that may are under way beside each other, so that all of them are one way to the server and
 * back; others come after those before them. No piece waits for the answer to what the one before has sent last: that it
 * was taken is known when the commit is answered. Throws when anything failed, whichever piece it was of.
 */
export async function doAtOnce(
  client: PoolClient,
  writerOn: WriterOn,
  pieces: Iterable<Doable>,
): Promise<Outcome[]> {
  const together = {}
  const outcomes: Promise<Outcome>[] = []
  let taken: Promise<unknown> = Promise.resolve()

  async function carryOut({ work }: Doable): Promise<Outcome> {
    const writer = writerOn(client, together)
    try {
      const result = await work(writer.tx)
      const sent = await writer.close()
      taken = inOrder(taken, sent.taken)
      return { result }
    } finally {
      writer.end()
    }
  }

  let isBeside = true
  for (const piece of pieces) {
    // What is under way is over before anybody hears of a failure: nothing more is sent then.
    if (!(piece.beside && isBeside)) await allOf(outcomes)
    isBeside = piece.beside
    outcomes.push(carryOut(piece))
  }
  const done = await allOf(outcomes)
  await inOrder(taken, commit(client))
  return done
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
  writerOn: WriterOn,
  pieces: readonly Doable[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const { work } of pieces) outcomes.push(await doOne(client, writerOn(client), work))
  await commit(client)
  return outcomes
}

async function doOne(client: PoolClient, writer: OpenWriter, work: Work<unknown>): Promise<Outcome> {
  try {
    const result = await work(writer.tx)
    const { taken } = await writer.close()
    await inOrder(taken, sendOn(client, 'RELEASE piece; SAVEPOINT piece'))
    return { result }
  } catch (error) {
    writer.end()
    await sendOn(client, 'ROLLBACK TO piece')
    return { error: faultOf(error) }
  }
}
