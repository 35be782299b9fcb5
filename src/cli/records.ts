import { randomUUID } from 'node:crypto'
import type { Config } from '../config.ts'
import type { Repository } from '../resource/repository.ts'
import { indexing } from '../resource/search/indexing.ts'
import { createRecords } from '../store/records/records.ts'
import { openDatabase } from '../store/sqlite/database.ts'

/** Runs `work` on the records of the configured store, which is closed again whatever happens. */
export async function withRecords<Result>(
  config: Config,
  work: (records: Repository) => Promise<Result>,
): Promise<Result> {
  const db = openDatabase(config.data)
  try {
    return await work(createRecords(db, { indexing, now: Date.now, newId: randomUUID }))
  } finally {
    db.close()
  }
}
