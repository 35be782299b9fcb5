/** The records in SQLite. The port is asynchronous; here each call is done when it returns. */
import type {
  Indexing,
  Repository,
  SearchPage,
  Stored,
  WriteCounts,
  WriteOutcome,
} from '../../resource/repository.ts'
import type { SearchPlan } from '../../resource/search/plan.ts'
import type { Resource } from '../../smart/resource.ts'
import { migrate } from '../migrations.ts'
import type { Database } from '../sqlite/database.ts'
import { createDictionary, type Dictionary } from './dictionary.ts'
import type { Fragment } from './fragment.ts'
import { createIndexRows } from './index-rows.ts'
import { countQuery, pageQuery } from './query.ts'
import { recordsMigrations } from './schema.ts'
import { storedOf, type VersionRow } from './version.ts'
import { createWriter } from './writer.ts'

export interface RecordsDeps {
  readonly indexing: Indexing
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A random logical id for a resource that has none. */
  readonly newId: () => string
}

/** Opens the records in a database, bringing its tables up to date. */
export function createRecords(db: Database, { indexing, now, newId }: RecordsDeps): Repository {
  migrate(db, recordsMigrations)
  const dictionary = createDictionary(db)
  const indexRows = createIndexRows(db, dictionary, indexing)
  const writer = createWriter({ db, indexRows, now, newId })

  // What is undone may have made numbers of the dictionary, which the next piece of work must not believe in.
  function forgetful<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      dictionary.forget()
      throw error
    }
  }

  /** Many resources have a transaction of their own, single ones share that of their turn. */
  const writeAll = <Result>(work: () => Result): Result => forgetful(() => db.transaction(work))
  const write = <Result>(work: () => Result): Promise<Result> =>
    db
      .together(() => forgetful(work))
      .catch((error) => {
        dictionary.forget()
        throw error
      })

  return {
    read: async (type, id) => stored(writer.find(type, id)),
    vread: async (type, id, version) => stored(findVersion(db, type, id, version)),
    readMany: async (references) => readMany(references, writer.find),
    history: async (type, id) => history(db, type, id).map(storedOf),
    search: async (plan) => search(db, dictionary, indexing, plan),
    counts: async () => counts(db),
    create: async (resource) => storedOf((await write(() => writer.put(resource, { ifAbsent: true }))).row),
    async update(resource, options) {
      const { row, created, unchanged } = await write(() => writer.put(resource, options))
      return { stored: storedOf(row), created, unchanged }
    },
    delete(type, id) {
      return write(() => {
        const current = writer.find(type, id)
        return current?.deleted === 0 ? storedOf(writer.end(current)) : undefined
      })
    },
    putAll: async (resources, tally) => writeAll(() => putAll(resources, writer.put, tally)),
  }
}

function stored(row: VersionRow | undefined): Stored | undefined {
  return row && storedOf(row)
}

function putAll(
  resources: readonly Resource[],
  put: ReturnType<typeof createWriter>['put'],
  tally?: (resource: Resource, outcome: WriteOutcome) => void,
): WriteCounts {
  const counts = { created: 0, updated: 0, unchanged: 0 }
  for (const resource of resources) {
    const { created, unchanged } = put(resource)
    const outcome = created ? 'created' : unchanged ? 'unchanged' : 'updated'
    tally?.(resource, outcome)
    counts[outcome]++
  }
  return counts
}

const versionColumns = 'r.row, r.type, r.id, v.version, v.updated, v.deleted, v.json'

function findVersion(db: Database, type: string, id: string, version: string): VersionRow | undefined {
  if (!/^[1-9]\d{0,14}$/.test(version)) return undefined
  return history(db, type, id, Number(version))[0]
}

/** All versions of a resource, newest first, or only one of them. */
function history(db: Database, type: string, id: string, only: number | null = null): VersionRow[] {
  return db.all<VersionRow>(
    `SELECT row, type, id, version, updated, deleted, json FROM resources
       WHERE type = ?1 AND id = ?2 AND (?3 IS NULL OR version = ?3)
     UNION ALL
     SELECT ${versionColumns} FROM resources r JOIN versions v ON v.row = r.row
       WHERE r.type = ?1 AND r.id = ?2 AND (?3 IS NULL OR v.version = ?3)
     ORDER BY version DESC`,
    type,
    id,
    only,
  )
}

type Find = (type: string, id: string) => VersionRow | undefined

function readMany(
  references: readonly { readonly type: string; readonly id: string }[],
  find: Find,
): Stored[] {
  const found = new Map<string, Stored>()
  for (const { type, id } of references) {
    const key = `${type}/${id}`
    const row = found.has(key) ? undefined : find(type, id)
    if (row?.deleted === 0) found.set(key, storedOf(row))
  }
  return [...found.values()]
}

function counts(db: Database): Record<string, number> {
  const rows = db.all<{ type: string; count: number }>(
    'SELECT type, count(*) AS count FROM resources WHERE deleted = 0 GROUP BY type ORDER BY type',
  )
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]))
}

type FoundRow = { readonly row: number } & Readonly<Record<`s${number}`, string | number | null>>

function search(db: Database, dictionary: Dictionary, indexing: Indexing, plan: SearchPlan): SearchPage {
  if (plan.reach.within.length === 0) return { matches: [], ...(plan.total && { total: 0 }) }
  const rows = plan.count > 0 ? all<FoundRow>(db, pageQuery(plan, dictionary)) : []
  const page = fetchPage(db, rows.slice(0, plan.count))
  const last = rows[page.length - 1]
  const more = rows.length > page.length
  // The first page of few matches has them all; nothing needs to be counted again.
  const counted = !more && !plan.after && plan.count > 0
  const total = counted
    ? page.length
    : all<{ total: number }>(db, plan.total ? countQuery(plan, dictionary) : noCount)[0]?.total
  return {
    matches: page.map(storedOf),
    ...(more && last && { next: indexing.formatCursor({ row: last.row, values: sortValues(plan, last) }) }),
    ...(plan.total && total !== undefined && { total }),
  }
}

/** Resources may be large and pages long: a page ends early before it is more than memory is for. */
const pageCharacters = 16 * 1024 * 1024

function fetchPage(db: Database, found: readonly FoundRow[]): VersionRow[] {
  const page: VersionRow[] = []
  let room = pageCharacters
  for (const { row } of found) {
    const version = fetch(db, row)
    room -= version.json.length
    if (room < 0 && page.length > 0) break
    page.push(version)
  }
  return page
}

const noCount: Fragment = { text: 'SELECT NULL AS total WHERE 0', values: [] }

function sortValues({ sort }: SearchPlan, found: FoundRow): (string | number | null)[] {
  return sort.map((_, at) => found[`s${at}`] ?? null)
}

function fetch(db: Database, row: number): VersionRow {
  return db.get<VersionRow>('SELECT * FROM resources WHERE row = ?', row) as VersionRow
}

function all<Row>(db: Database, { text, values }: Fragment): Row[] {
  return db.all<Row>(text, ...values)
}
