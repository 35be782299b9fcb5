/** The records: resources, their versions, and what is indexed of them. */
import type { Indexing, Repository, SearchPage, Stored, WriteOutcome } from '../../resource/repository.ts'
import type { SearchPlan } from '../../resource/search/plan.ts'
import type { Resource } from '../../smart/resource.ts'
import { type Dialect, OverTime, type Sql, type SqlReader } from '../sql.ts'
import { commit, writtenOf } from './commit.ts'
import { type FoundRow as BriefRow, briefColumns, findCurrent, loadNow, resourceColumns } from './current.ts'
import { type Fragment, isOneOf, isOnePairOf, name, sql } from './fragment.ts'
import { historyPage } from './history-page.ts'
import { countQuery, pageQuery } from './query.ts'
import { storedOf, type VersionRow } from './version.ts'
import { createWriteWithin, type WritingDeps } from './within.ts'
import type { ResourceChange, Writer, WrittenRow } from './writer.ts'

export interface RecordsDeps extends WritingDeps {
  /** The longest that a search may take, in milliseconds; default 2 s. */
  readonly searchTime?: number
}

const standardSearchTime = 2000

/** What {@link isSearchTooLong} of the port knows by its name. */
class SearchTooLong extends Error {
  override readonly name = 'SearchTooLong'
}

/** So many share a transaction with the writes of other requests. */
const fewChanges = 10

/** The records in a database that has their tables. */
export function createRecords(
  database: Sql,
  { searchTime = standardSearchTime, ...deps }: RecordsDeps,
): Repository {
  const { indexing } = deps
  const write = createWriteWithin(database, deps)

  /** Looks for something, and gives up after a while: nothing else runs while SQLite looks. */
  async function inTime<Result>(look: (dialect: Dialect) => Promise<Result>): Promise<Result> {
    try {
      return await look(database.dialect.within(searchTime))
    } catch (error) {
      if (error instanceof OverTime) throw new SearchTooLong()
      throw error
    }
  }

  const change = async (one: ResourceChange) => writtenOf(await write((_, writer) => writeOne(one, writer)))

  return {
    read: async (type, id) => stored(await findCurrent(database, type, id)),
    vread: async (type, id, version) => stored(await findVersion(database, type, id, version)),
    readMany: (references) => readMany(database, references),
    history: async (type, id) => (await history(database, type, id)).map(storedOf),
    historyPage: (query) => inTime((dialect) => historyPage(database, dialect, query)),
    search: (plan) => inTime((dialect) => search(database, dialect, indexing, plan)),
    counts: () => counts(database),
    create: async (resource) => (await change({ kind: 'put', resource, ifAbsent: true })).stored,
    update: (resource, options) => change({ kind: 'put', resource, ...options }),
    delete: (type, id) =>
      write(async (tx, writer) => {
        const current = await findCurrent(tx, type, id)
        if (current?.deleted !== 0) return undefined
        return writtenOf(await writeOne({ kind: 'delete', type, id }, writer)).stored
      }),
    commit: (changes) =>
      write(
        (tx, writer) =>
          commit(changes, { writer, find: (plan) => inTime((dialect) => findIds(tx, dialect, plan)) }),
        { alone: changes.length > fewChanges },
      ),
    async putAll(resources, tally) {
      const outcomes = await write((_, writer) => putAll(resources, writer), { alone: true })
      const counts = { created: 0, updated: 0, unchanged: 0 }
      for (const [at, resource] of resources.entries()) {
        const outcome = outcomes[at] ?? 'unchanged'
        tally?.(resource, outcome)
        counts[outcome]++
      }
      return counts
    },
  }
}

function stored(row: VersionRow | undefined): Stored | undefined {
  return row && storedOf(row)
}

async function writeOne(change: ResourceChange, writer: Writer): Promise<WrittenRow> {
  let written: WrittenRow | undefined
  await writer.write([change], (one) => (written = one))
  if (!written) throw new Error('what a change came to was not told')
  return written
}

/** Outcomes only: the texts of all of them would be more than memory is for. */
async function putAll(resources: readonly Resource[], writer: Writer): Promise<WriteOutcome[]> {
  const outcomes: WriteOutcome[] = []
  await writer.write(
    resources.map((resource) => ({ kind: 'put', resource })),
    ({ created, unchanged }) => outcomes.push(created ? 'created' : unchanged ? 'unchanged' : 'updated'),
  )
  return outcomes
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

const readAtOnce = 50

async function readMany(
  reader: SqlReader,
  references: readonly { readonly type: string; readonly id: string }[],
): Promise<Stored[]> {
  const asked = [
    ...new Map(references.map(({ type, id }) => [`${type}/${id}`, [type, id] as const])).entries(),
  ]
  const found: Stored[] = []
  for (let at = 0; at < asked.length; at += readAtOnce) {
    const some = asked.slice(at, at + readAtOnce)
    const which = isOnePairOf(
      ['type', 'id'],
      some.map(([, pair]) => pair),
      reader.dialect,
    )
    const rows = await all<VersionRow>(
      reader,
      sql`SELECT ${name(resourceColumns)} FROM resources WHERE ${which} AND deleted = 0`,
    )
    const byReference = new Map(rows.map((row) => [`${row.type}/${row.id}`, row]))
    found.push(...some.flatMap(([reference]) => stored(byReference.get(reference)) ?? []))
  }
  return found
}

async function counts(reader: SqlReader): Promise<Record<string, number>> {
  const rows = await reader.all<{ type: string; count: number }>(
    'SELECT type, count(*) AS count FROM resources WHERE deleted = 0 GROUP BY type ORDER BY type',
  )
  return Object.fromEntries(rows.map(({ type, count }) => [type, count]))
}

type FoundRow = { readonly row: number } & Readonly<Record<`s${number}`, string | number | null>>

async function search(
  reader: SqlReader,
  dialect: Dialect,
  indexing: Pick<Indexing, 'formatCursor'>,
  plan: SearchPlan,
): Promise<SearchPage> {
  if (plan.reach.within.length === 0) return { matches: [], ...(plan.total && { total: 0 }) }
  const rows = plan.count > 0 ? await all<FoundRow>(reader, pageQuery(plan, dialect)) : []
  const page = await fetchPage(reader, rows.slice(0, plan.count))
  const more = rows.length > page.length
  // The first page of few matches has them all; nothing needs to be counted again.
  const counted = !more && !plan.after && plan.count > 0
  const total = counted || !plan.total ? page.length : await countAll(reader, dialect, plan)
  const isTold = plan.total && total !== undefined
  const last = rows[page.length - 1]
  return {
    // Of those found a moment ago one may be gone by now.
    matches: page.flatMap((row) => (row?.deleted === 0 ? storedOf(row) : [])),
    ...(more && last && { next: indexing.formatCursor({ row: last.row, values: sortValues(plan, last) }) }),
    ...(isTold && { total }),
  }
}

/** All matches; nothing where that takes too long and is not insisted on. */
async function countAll(reader: SqlReader, dialect: Dialect, plan: SearchPlan): Promise<number | undefined> {
  try {
    const [row] = await all<{ total: number }>(reader, countQuery(plan, dialect))
    return row?.total ?? 0
  } catch (error) {
    if (plan.totalIfSoon && error instanceof OverTime) return undefined
    throw error
  }
}

/** Resources may be large and pages long: a page ends early before it is more than memory is for. */
const pageCharacters = 16 * 1024 * 1024

/** The current version of each, in order. */
async function fetchPage(reader: SqlReader, found: readonly FoundRow[]): Promise<(VersionRow | undefined)[]> {
  const page: (VersionRow | undefined)[] = []
  let room = pageCharacters
  for (let at = 0; at < found.length; at += readAtOnce) {
    const some = found.slice(at, at + readAtOnce).map(({ row }) => row)
    const which = isOneOf('row', some, reader.dialect)
    const rows = await all<BriefRow>(reader, sql`SELECT ${name(briefColumns)} FROM resources WHERE ${which}`)
    const byRow = new Map(rows.map((row) => [row.row, row]))
    for (const row of some) {
      const brief = byRow.get(row)
      const version = brief && (await loadNow(reader, brief))
      room -= version?.json.length ?? 0
      if (room < 0 && page.length > 0) return page
      page.push(version)
    }
  }
  return page
}

/** The ids of the first resources that a plan finds. */
async function findIds(reader: SqlReader, dialect: Dialect, plan: SearchPlan): Promise<string[]> {
  const { matches } = await search(reader, dialect, { formatCursor: () => '' }, plan)
  return matches.map(({ id }) => id)
}

function sortValues({ sort }: SearchPlan, found: FoundRow): (string | number | null)[] {
  return sort.map((_, at) => found[`s${at}`] ?? null)
}

function all<Row>(reader: SqlReader, { text, values }: Fragment): Promise<Row[]> {
  return reader.all<Row>(text, ...values)
}
