/** Writes versions of resources in one transaction. */
import { isDeepStrictEqual } from 'node:util'
import type { Indexing } from '../../resource/repository.ts'
import type { Resource } from '../../smart/resource.ts'
import type { SqlReader, SqlWriter } from '../sql.ts'
import type { IndexRows } from './index-rows.ts'
import { type VersionRow, versionOf } from './version.ts'

export interface Expectation {
  /** The version that must be current. */
  readonly ifMatch?: string
  /** Whether there must be no current version. */
  readonly ifAbsent?: boolean
}

export interface WrittenRow {
  readonly row: VersionRow
  readonly created: boolean
  readonly unchanged: boolean
}

export interface Writer {
  put(resource: Resource, expected?: Expectation): Promise<WrittenRow>
  end(current: VersionRow): Promise<VersionRow>
}

/** What {@link isVersionConflict} of the port knows by its name. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict'
  readonly current?: string

  constructor(current?: VersionRow, reason = 'there is no such resource') {
    super(current ? `the current version is ${current.version}` : reason)
    if (current) this.current = String(current.version)
  }
}

export interface WriterDeps {
  readonly tx: SqlWriter
  readonly indexRows: IndexRows
  readonly json: Pick<Indexing, 'writeJson' | 'parseJson'>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
}

/** The current version, a deletion included. */
export function findCurrent(reader: SqlReader, type: string, id: string): Promise<VersionRow | undefined> {
  return reader.get<VersionRow>('SELECT * FROM resources WHERE type = ? AND id = ?', type, id)
}

/** Makes the writer of a transaction. */
export function createWriter({
  tx,
  indexRows,
  json: { writeJson, parseJson },
  now,
  newId,
}: WriterDeps): Writer {
  async function put(resource: Resource, expected: Expectation = {}): Promise<WrittenRow> {
    const { resourceType: type, id = newId() } = resource
    const last = await findCurrent(tx, type, id)
    const current = last?.deleted === 0 ? last : undefined
    checkExpectation(current, expected)
    if (current && isSame(resource, current)) return { row: current, created: false, unchanged: true }
    const row = last ? await replace(last, resource) : await insert(type, id, resource)
    await indexRows.add(row.row, resource.id === id ? resource : { ...resource, id })
    return { row, created: !current, unchanged: false }
  }

  async function insert(type: string, id: string, resource: Resource): Promise<VersionRow> {
    const updated = now()
    const json = writeJson(versionOf(resource, id, 1, updated))
    const inserted = await tx.get<{ row: number }>(
      'INSERT INTO resources (type, id, version, updated, deleted, json) VALUES (?, ?, 1, ?, 0, ?) RETURNING row',
      type,
      id,
      updated,
      json,
    )
    if (!inserted) throw new Error('a row was added and is not there')
    return { row: inserted.row, type, id, version: 1, updated, deleted: 0, json }
  }

  async function replace(last: VersionRow, resource: Resource | undefined): Promise<VersionRow> {
    await tx.run(
      'INSERT INTO versions SELECT row, version, updated, deleted, json FROM resources WHERE row = ?',
      last.row,
    )
    await indexRows.remove(last.row)
    const version = last.version + 1
    // A clock that was set back must not make a version older than the one before.
    const updated = Math.max(now(), last.updated)
    const json = resource ? writeJson(versionOf(resource, last.id, version, updated)) : ''
    const next = { ...last, version, updated, deleted: resource ? 0 : 1, json }
    await tx.run(
      'UPDATE resources SET version = ?, updated = ?, deleted = ?, json = ? WHERE row = ?',
      version,
      updated,
      next.deleted,
      json,
      last.row,
    )
    return next
  }

  /** Whether the content is that of the current version, leaving aside what the store itself writes into `meta`. */
  function isSame(resource: Resource, current: VersionRow): boolean {
    const json = writeJson(versionOf(resource, current.id, current.version, current.updated))
    return json === current.json || isDeepStrictEqual(parseJson(json), parseJson(current.json))
  }

  return { put, end: (current) => replace(current, undefined) }
}

/** Throws a {@link VersionConflict} unless the current version is the one expected. */
export function checkExpectation(current: VersionRow | undefined, { ifMatch, ifAbsent }: Expectation): void {
  if (ifMatch !== undefined && ifMatch !== String(current?.version ?? '')) throw new VersionConflict(current)
  if (ifAbsent && current) throw new VersionConflict(current)
}
