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
}

/** What a piece came to. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown }

/** Makes a writer of the transaction that the connection is in; those that are given the same are kept or undone together. */
export type WriterOn = (client: PoolClient, together?: object) => OpenWriter

/**
 * Does them and commits. No piece waits for the answer to what the one before has sent last: that it was taken is known
 * when the commit is answered. Throws when anything failed, whichever piece it was of.
 */
export async function doAtOnce(
  client: PoolClient,
  writerOn: WriterOn,
  pieces: Iterable<Doable>,
): Promise<Outcome[]> {
  const together = {}
  const outcomes: Outcome[] = []
  let all: Promise<unknown> = Promise.resolve()
  for (const { work } of pieces) {
    const writer = writerOn(client, together)
    try {
      outcomes.push({ result: await work(writer.tx) })
      all = inOrder(all, (await writer.close()).taken)
    } finally {
      writer.end()
    }
  }
  await inOrder(all, commit(client))
  return outcomes
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
