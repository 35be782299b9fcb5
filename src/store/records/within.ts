/** Writing records in the transaction of another store: what belongs together is kept together or not at all. */
import type { SqlWriter } from '../sql.ts'
import { createDictionary } from './dictionary.ts'
import { createIndexRows } from './index-rows.ts'
import type { RecordsDeps } from './records.ts'
import { createWriter, type Writer } from './writer.ts'

/** A writer of records for one attempt of a transaction. */
export interface WriterWithin {
  readonly writer: Writer
  /** To be called when the transaction is durable. */
  keep(): void
}

/** Makes writers for transactions of other stores over the database that has the records. */
export function createWritersWithin({ indexing, now, newId }: RecordsDeps): (tx: SqlWriter) => WriterWithin {
  const dictionary = createDictionary()
  return (tx) => {
    const numbers = dictionary.within(tx)
    const indexRows = createIndexRows(tx, numbers, indexing)
    return {
      writer: createWriter({ tx, indexRows, json: indexing, now, newId }),
      keep: () => numbers.keep(),
    }
  }
}
