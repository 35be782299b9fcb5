/** Pieces of work in one transaction, each behind a savepoint. What ends a piece begins the next, or commits them all. */
import type { PoolClient } from 'pg'
import type { SqlWriter } from '../sql.ts'
import { faultOf } from './faults.ts'
import { commit } from './transactions.ts'
import type { OpenWriter } from './writer.ts'

export type Work<Result> = (tx: SqlWriter) => Promise<Result>

/** What a piece came to. */
export type Outcome = { readonly result: unknown } | { readonly error: unknown }

export interface Pieces {
  /** The work to be done now; nothing when there is no more. */
  next(): Work<unknown> | undefined
  /** Whether that was the last; asked once of each, when it is done. */
  isLast(): boolean
}

/** The savepoint of the first piece, sent with what begins the transaction. */
export const firstSavepoint = 'SAVEPOINT piece'

/** Does them one after another. Throws when nothing of it is kept, or nobody knows. */
export async function doTogether(
  client: PoolClient,
  openWriter: (client: PoolClient) => OpenWriter,
  { next, isLast }: Pieces,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let work = next(); work; work = next())
    outcomes.push(await doOne(client, openWriter(client), work, isLast))
  return outcomes
}

/** What fails is undone alone; if it cannot be, it is what all of them failed of. */
async function doOne(
  client: PoolClient,
  writer: OpenWriter,
  work: Work<unknown>,
  isLast: () => boolean,
): Promise<Outcome> {
  let commits: boolean | undefined
  try {
    const result = await work(writer.tx)
    commits = isLast()
    const end = commits
      ? () => commit(client, 'RELEASE piece; COMMIT')
      : () => client.query('RELEASE piece; SAVEPOINT piece')
    await writer.finish<unknown>(end)
    return { result }
  } catch (error) {
    writer.end()
    commits ??= isLast()
    const undone = commits ? commit(client, 'ROLLBACK TO piece; COMMIT') : client.query('ROLLBACK TO piece')
    await undone.catch(() => Promise.reject(error))
    return { error: faultOf(error) }
  }
}
