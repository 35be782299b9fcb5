/**
 * Indexes again what a change of the index rules left behind: a migration that comes with such a change lists all rows
 * in `unindexed`, and they are worked off before the records are used. What was interrupted goes on at the next start.
 */
import type { Indexing } from '../../resource/repository.ts'
import type { Sql, SqlWriter } from '../sql.ts'
import { createDictionary, type Numbers } from './dictionary.ts'
import { createIndexRows } from './index-rows.ts'
import { storedOf, type VersionRow } from './version.ts'

/** Few at once: each may be large. */
const rowsAtOnce = 100

/** Works off the list; gives how many rows were on it. */
export async function reindex(sql: Sql, indexing: Indexing): Promise<number> {
  const dictionary = createDictionary()
  for (let done = 0; ; ) {
    let numbers: Numbers | undefined
    const some = await sql.write(
      (tx) => {
        numbers = dictionary.within(tx)
        return reindexSome(tx, numbers, indexing)
      },
      { alone: true },
    )
    numbers?.keep()
    if (some === 0) return done
    done += some
  }
}

async function reindexSome(tx: SqlWriter, numbers: Numbers, indexing: Indexing): Promise<number> {
  const listed = await tx.all<{ row: number }>(`SELECT row FROM unindexed ORDER BY row LIMIT ${rowsAtOnce}`)
  const indexRows = createIndexRows(tx, numbers, indexing)
  const rows = listed.map(({ row }) => row)
  await indexRows.removeAll(rows)
  for (const row of rows) {
    const current = await tx.get<VersionRow>('SELECT * FROM resources WHERE row = ?', row)
    if (current?.deleted === 0) await indexRows.addAll([{ row, resource: storedOf(current).resource }])
  }
  await tx.removeAll(['unindexed'], 'row', rows)
  return listed.length
}
