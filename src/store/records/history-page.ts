/** Versions of many resources, newest first, in SQL: those of the tables `resources` and `versions` as one list. */
import type { HistoryPage, HistoryPosition, HistoryQuery } from '../../resource/repository.ts'
import type { Dialect, SqlReader } from '../sql.ts'
import { inReach } from './clauses.ts'
import { allOf, type Fragment, isOneOf, list, name, sql } from './fragment.ts'
import { storedOf, type VersionRow } from './version.ts'

/** Resources may be large and pages long: a page ends early before it is more than memory is for. */
const pageCharacters = 16 * 1024 * 1024

type Key = Omit<VersionRow, 'json'>

/** One page; see the port. */
export async function historyPage(
  reader: SqlReader,
  dialect: Dialect,
  query: HistoryQuery,
): Promise<HistoryPage> {
  const { text, values } = keysQuery(query, dialect)
  const keys = await reader.all<Key>(text, ...values)
  const versions: { stored: ReturnType<typeof storedOf>; position: HistoryPosition }[] = []
  let room = pageCharacters
  for await (const { json, ...key } of withJson(reader, keys.slice(0, query.count))) {
    room -= json.length
    if (room < 0 && versions.length > 0) break
    const { updated, row, version } = key
    versions.push({ stored: storedOf({ ...key, json }), position: { updated, row, version } })
  }
  return { versions, more: keys.length > versions.length }
}

const loadedAtOnce = 10

/** Asked for some at a time: they are one way to a server. */
async function* withJson(reader: SqlReader, keys: readonly Key[]): AsyncGenerator<VersionRow> {
  for (let at = 0; at < keys.length; at += loadedAtOnce)
    yield* await Promise.all(
      keys.slice(at, at + loadedAtOnce).map(async (key) => ({ ...key, json: await loadJson(reader, key) })),
    )
}

/** A version may have gone from the one table to the other since it was found. */
async function loadJson(reader: SqlReader, { row, version }: Key): Promise<string> {
  const found = await reader.get<{ json: string }>(
    `SELECT json FROM resources WHERE row = ? AND version = ?
     UNION ALL SELECT json FROM versions WHERE row = ? AND version = ?`,
    row,
    version,
    row,
    version,
  )
  return found?.json ?? ''
}

const keyColumns = name(
  ['row', 'type', 'id', 'version', 'updated', 'deleted'].map((column) => `found.${column}`).join(', '),
)

/** One page's keys, and one more where there is a next page. */
export function keysQuery(query: HistoryQuery, given: Dialect): Fragment {
  const dialect = query.id !== undefined || fewWays(query) ? given.ofFew() : given
  const resources = resourcesOf(query, dialect)
  const then = name(dialect.thenJoin)
  const current = keysOf(query, dialect, 'r', resources)
  const past = query.id === undefined && !fewWays(query) ? name('versions v') : resources
  const joined =
    past === resources ? name('versions v ON v.row = r.row') : name('resources r ON r.row = v.row')
  const old = keysOf(query, dialect, 'v', sql`${past} ${then} ${joined}`)
  return sql`SELECT ${keyColumns} FROM (${current} UNION ALL ${old}) found ORDER BY updated DESC, row DESC, version DESC LIMIT ${query.count + 1}`
}

const mostBegunWith = 5

/** What every way into reach leads through: few patients, and types that are nobody's record. */
interface Ways {
  readonly patients: readonly string[]
  readonly types: readonly string[]
}

/** The ways when they are few; the history of one resource begins with that resource. */
function fewWays({ id, reach: { within } }: HistoryQuery): Ways | undefined {
  const isWide = within.some(({ type, patients }) => type === '*' && patients.length === 0)
  if (id !== undefined || isWide) return undefined
  const patients = [...new Set(within.flatMap((arm) => arm.patients[0] ?? []))]
  const types = within.flatMap((arm) => (arm.patients.length === 0 ? arm.type : []))
  return patients.length > mostBegunWith ? undefined : { patients, types: [...new Set(types)] }
}

/** Where the current versions are found: what a patient's history costs must not grow with other patients. */
function resourcesOf(query: HistoryQuery, dialect: Dialect): Fragment {
  const ways = fewWays(query)
  if (!ways) return name('resources r')
  const { type } = query
  const typed = (alias: string) =>
    type === undefined ? name('') : sql` AND ${name(`${alias}.type`)} = ${type}`
  const rows = list(
    [
      sql`SELECT d.row FROM resources d WHERE d.deleted = 1${typed('d')}`,
      sql`SELECT c.row FROM compartments c WHERE ${isOneOf('c.patient', ways.patients, dialect)}${typed('c')}`,
      sql`SELECT t.row FROM resources t WHERE t.deleted = 0 AND ${isOneOf('t.type', ways.types, dialect)}${typed('t')}`,
    ],
    ' UNION ',
  )
  return sql`(${rows}) m ${name(dialect.thenJoin)} resources r ON r.row = m.row`
}

/** When a version that is no longer current was replaced. */
const endOfPast = name(
  'coalesce((SELECT n.updated FROM versions n WHERE n.row = v.row AND n.version = v.version + 1), r.updated)',
)

/** The keys in one of the two tables, which the alias names. */
function keysOf(query: HistoryQuery, dialect: Dialect, alias: 'r' | 'v', from: Fragment): Fragment {
  const { type, id, since, at, before, reach } = query
  const updated = name(`${alias}.updated`)
  const candidate = { row: name('r.row'), resource: 'r', type: type ?? '*', dialect, depth: 0 }
  const where = allOf([
    ...(type === undefined ? [] : [sql`r.type = ${type}`]),
    ...(id === undefined ? [] : [sql`r.id = ${id}`]),
    ...(since === undefined ? [] : [sql`${updated} >= ${since}`]),
    ...(at === undefined ? [] : [sql`${updated} < ${at.high}`]),
    ...(at === undefined || alias === 'r' ? [] : [sql`${endOfPast} > ${at.low}`]),
    ...(before === undefined ? [] : [isBefore(before, alias)]),
    // Index rows are those of current resources: of a deleted one they tell nothing.
    sql`(r.deleted = 1 OR ${inReach(reach, candidate)})`,
    dialect.inTime('r.row'),
  ])
  return sql`SELECT r.row AS row, r.type AS type, r.id AS id, ${name(`${alias}.version`)} AS version, ${updated} AS updated, ${name(`${alias}.deleted`)} AS deleted FROM ${from} WHERE ${where}`
}

function isBefore({ updated, row, version }: HistoryPosition, alias: string): Fragment {
  const columns = name(`(${alias}.updated, r.row, ${alias}.version)`)
  return sql`${columns} < (${updated}, ${row}, ${version})`
}
