/** The records: resources, their versions, and what is indexed of them. */
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
import type { Sql, SqlReader, WriteOptions } from '../sql.ts'
import { createDictionary, type Numbers } from './dictionary.ts'
import type { Fragment } from './fragment.ts'
import { createIndexRows } from './index-rows.ts'
import { countQuery, pageQuery } from './query.ts'
import { storedOf, type VersionRow } from './version.ts'
import { createWriter, findCurrent, type Writer } from './writer.ts'

export interface RecordsDeps {
  readonly indexing: Indexing
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A random logical id for a resource that has none. */
  readonly newId: () => string
}

/** What a write works with, in its transaction. */
interface Writing {
  readonly tx: SqlReader
  readonly writer: Writer
}

/** The records in a database that has their tables. */
export function createRecords(sql: Sql, { indexing, now, newId }: RecordsDeps): Repository {
  const dictionary = createDictionary()

  async function write<Result>(
    work: (writing: Writing) => Promise<Result>,
    options?: WriteOptions,
  ): Promise<Result> {
    let numbers: Numbers | undefined
    const result = await sql.write((tx) => {
      // Anew each time: numbers given in an attempt that was undone are void.
      numbers = dictionary.within(tx)
      const indexRows = createIndexRows(tx, numbers, indexing)
      return work({ tx, writer: createWriter({ tx, indexRows, now, newId }) })
    }, options)
    numbers?.keep()
    return result
  }

  return {
    read: async (type, id) => stored(await findCurrent(sql, type, id)),
    vread: async (type, id, version) => stored(await findVersion(sql, type, id, version)),
    readMany: (references) => readMany(sql, references),
    history: async (type, id) => (await history(sql, type, id)).map(storedOf),
    search: (plan) => search(sql, indexing, plan),
    counts: () => counts(sql),
    async create(resource) {
      const { row } = await write(({ writer }) => writer.put(resource, { ifAbsent: true }))
      return storedOf(row)
    },
    async update(resource, options) {
      const { row, created, unchanged } = await write(({ writer }) => writer.put(resource, options))
      return { stored: storedOf(row), created, unchanged }
    },
    delete: (type, id) =>
      write(async ({ tx, writer }) => {
        const current = await findCurrent(tx, type, id)
        return current?.deleted === 0 ? storedOf(await writer.end(current)) : undefined
      }),
    putAll: (resources, tally) => write(({ writer }) => putAll(resources, writer, tally), { alone: true }),
  }
}

function stored(row: VersionRow | undefined): Stored | undefined {
  return row && storedOf(row)
}

async function putAll(
  resources: readonly Resource[],
  writer: Writer,
  tally?: (resource: Resource, outcome: WriteOutcome) => void,
): Promise<WriteCounts> {
  const counts = { created: 0, updated: 0, unchanged: 0 }
  for (const resource of resources) {
    const { created, unchanged } = await writer.put(resource)
    const outcome = created ? 'created' : unchanged ? 'unchanged' : 'updated'
    tally?.(resource, outcome)
    counts[outcome]++
  }
  return counts
}

const versionColumns = 'r.row, r.type, r.id, v.version, v.updated, v.deleted, v.json'

async function findVersion(
  reader: SqlReader,
  type: string,
  id: string,
  version: string,
): Promise<VersionRow | undefined> {
  if (!/^[1-9]\d{0,14}$/.test(version)) return undefined
  return (await history(reader, type, id, Number(version)))[0]
}

/** All versions of a resource, newest first, or only one of them. */
function history(reader: SqlReader, type: string, id: string, only?: number): Promise<VersionRow[]> {
  const [which, values] = only === undefined ? ['', [type, id]] : [' AND v.version = ?', [type, id, only]]
  return reader.all<VersionRow>(
    `SELECT v.row, v.type, v.id, v.version, v.updated, v.deleted, v.json FROM resources v
       WHERE v.type = ? AND v.id = ?${which}
     UNION ALL
     SELECT ${versionColumns} FROM resources r JOIN versions v ON v.row = r.row
       WHERE r.type = ? AND r.id = ?${which}
     ORDER BY version DESC`,
    ...values,
    ...values,
  )
}

async function readMany(
  reader: SqlReader,
  references: readonly { readonly type: string; readonly id: string }[],
): Promise<Stored[]> {
  const found = new Map<string, Stored>()
  for (const { type, id } of references) {
    const key = `${type}/${id}`
    const row = found.has(key) ? undefined : await findCurrent(reader, type, id)
    if (row?.deleted === 0) found.set(key, storedOf(row))
  }
  return [...found.values()]
}

async function counts(reader: SqlReader): Promise<Record<string, number>> {
  const rows = await reader.all<{ type: string; count: number }>(
    'SELECT type, count(*) AS count FROM resources WHERE deleted = 0 GROUP BY type ORDER BY type',
  )
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]))
}

type FoundRow = { readonly row: number } & Readonly<Record<`s${number}`, string | number | null>>

async function search(reader: SqlReader, indexing: Indexing, plan: SearchPlan): Promise<SearchPage> {
  if (plan.reach.within.length === 0) return { matches: [], ...(plan.total && { total: 0 }) }
  const rows = plan.count > 0 ? await all<FoundRow>(reader, pageQuery(plan, reader.dialect)) : []
  const page = await fetchPage(reader, rows.slice(0, plan.count))
  const last = rows[page.length - 1]
  const more = rows.length > page.length
  // The first page of few matches has them all; nothing needs to be counted again.
  const counted = !more && !plan.after && plan.count > 0
  const total = counted || !plan.total ? page.length : await countAll(reader, plan)
  return {
    matches: page.map(storedOf),
    ...(more && last && { next: indexing.formatCursor({ row: last.row, values: sortValues(plan, last) }) }),
    ...(plan.total && { total }),
  }
}

async function countAll(reader: SqlReader, plan: SearchPlan): Promise<number> {
  const [row] = await all<{ total: number }>(reader, countQuery(plan, reader.dialect))
  return row?.total ?? 0
}

/** Resources may be large and pages long: a page ends early before it is more than memory is for. */
const pageCharacters = 16 * 1024 * 1024

async function fetchPage(reader: SqlReader, found: readonly FoundRow[]): Promise<VersionRow[]> {
  const page: VersionRow[] = []
  let room = pageCharacters
  for (const { row } of found) {
    const version = await fetch(reader, row)
    if (!version) continue
    room -= version.json.length
    if (room < 0 && page.length > 0) break
    page.push(version)
  }
  return page
}

function sortValues({ sort }: SearchPlan, found: FoundRow): (string | number | null)[] {
  return sort.map((_, at) => found[`s${at}`] ?? null)
}

function fetch(reader: SqlReader, row: number): Promise<VersionRow | undefined> {
  return reader.get<VersionRow>('SELECT * FROM resources WHERE row = ?', row)
}

function all<Row>(reader: SqlReader, { text, values }: Fragment): Promise<Row[]> {
  return reader.all<Row>(text, ...values)
}
