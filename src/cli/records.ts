import { randomUUID } from 'node:crypto'
import type { Config } from '../config.ts'
import type { Repository } from '../resource/repository.ts'
import { indexing } from '../resource/search/indexing.ts'
import { openData } from '../server/open-data.ts'
import { createRecords } from '../store/records/records.ts'
import { reindex } from '../store/records/reindex.ts'

/** Runs `work` on the records of the configured store, which is closed again whatever happens. */
export async function withRecords<Result>(
  config: Config,
  work: (records: Repository) => Promise<Result>,
): Promise<Result> {
  const sql = await openData(config)
  try {
    await reindex(sql, indexing)
    return await work(createRecords(sql, { indexing, now: Date.now, newId: randomUUID }))
  } finally {
    await sql.close()
  }
}
