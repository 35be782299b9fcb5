/** Transactions that write records, and with them what other stores keep: what belongs together is kept together or not at all. */
import type { Indexing } from '../../resource/repository.ts'
import type { Sql, SqlWriter, WriteOptions } from '../sql.ts'
import { createDictionary, type Numbers } from './dictionary.ts'
import { createIndexRows } from './index-rows.ts'
import { createWriter, type Writer } from './writer.ts'

export interface WritingDeps {
  readonly indexing: Indexing
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A random logical id for a resource that has none. */
  readonly newId: () => string
}

/** Runs `work` in one write transaction; see {@link Sql.write}. */
export type WriteWithin = <Result>(
  work: (tx: SqlWriter, writer: Writer) => Promise<Result>,
  options?: WriteOptions,
) => Promise<Result>

/** Makes transactions with a writer of records over the database that has them. */
export function createWriteWithin(database: Sql, { indexing, now, newId }: WritingDeps): WriteWithin {
  const dictionary = createDictionary()
  return async (work, options) => {
    let numbers: Numbers | undefined
    const result = await database.write((tx) => {
      // Anew each time: numbers given in an attempt that was undone are void.
      numbers = dictionary.within(tx)
      const indexRows = createIndexRows(tx, numbers, indexing)
      return work(tx, createWriter({ tx, indexRows, json: indexing, now, newId }))
    }, options)
    numbers?.keep()
    return result
  }
}
