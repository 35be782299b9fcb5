/** The last version of resources, a deletion included. */
import type { SqlReader } from '../sql.ts'
import { isOnePairOf, name, sql } from './fragment.ts'
import type { VersionRow } from './version.ts'

/** A resource by its name. */
export interface Named {
  readonly type: string
  readonly id: string
}

/** A row whose JSON was too long to be asked for with those of others. */
export type FoundRow = Omit<VersionRow, 'json'> & { readonly json: string | null }

/** By their names, so that it is the same statement after a migration. */
export const resourceColumns = 'row, type, id, version, updated, deleted, json'

/** Texts up to so many bytes are asked for together. */
const mostBytes = 64 * 1024

/** The same, without the JSON of those that are long: many of them together would be more than memory is for. */
export const briefColumns = `row, type, id, version, updated, deleted, CASE WHEN octet_length(json) <= ${mostBytes} THEN json END AS json`

/** The last version of one. */
export function findCurrent(reader: SqlReader, type: string, id: string): Promise<VersionRow | undefined> {
  return reader.get<VersionRow>(
    `SELECT ${resourceColumns} FROM resources WHERE type = ? AND id = ?`,
    type,
    id,
  )
}

/** The last versions of many, by `Type/id`. */
export async function findEach(reader: SqlReader, named: readonly Named[]): Promise<Map<string, FoundRow>> {
  const [only] = named
  const rows = only && named.length === 1 ? await findOne(reader, only) : await findMany(reader, named)
  return new Map(rows.map((row) => [`${row.type}/${row.id}`, row]))
}

async function findOne(reader: SqlReader, { type, id }: Named): Promise<FoundRow[]> {
  const row = await findCurrent(reader, type, id)
  return row ? [row] : []
}

function findMany(reader: SqlReader, named: readonly Named[]): Promise<FoundRow[]> {
  const pairs = named.map(({ type, id }) => [type, id] as const)
  const which = isOnePairOf(['type', 'id'], pairs, reader.dialect)
  const { text, values } = sql`SELECT ${name(briefColumns)} FROM resources WHERE ${which}`
  return reader.all<FoundRow>(text, ...values)
}

/** What a found row is by now, whole; nothing where it is gone. */
export async function loadNow(reader: SqlReader, found: FoundRow): Promise<VersionRow | undefined> {
  if (found.json !== null) return { ...found, json: found.json }
  return reader.get<VersionRow>(`SELECT ${resourceColumns} FROM resources WHERE row = ?`, found.row)
}

/** The row with its JSON. */
export async function loadWhole(reader: SqlReader, row: FoundRow): Promise<VersionRow> {
  if (row.json !== null) return { ...row, json: row.json }
  const found = await reader.get<{ json: string }>('SELECT json FROM resources WHERE row = ?', row.row)
  if (!found) throw new Error('a row that was found is not there')
  return { ...row, json: found.json }
}
