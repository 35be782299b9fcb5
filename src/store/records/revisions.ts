/** The versions that are made of a resource. */
import { isDeepStrictEqual } from 'node:util'
import type { Indexing } from '../../resource/repository.ts'
import type { Resource } from '../../smart/resource.ts'
import type { FoundRow } from './current.ts'
import { type VersionRow, versionOf } from './version.ts'

export interface Revisions {
  /** Version 1, whose row has the number `row`. */
  first(row: number, id: string, resource: Resource): VersionRow
  /** The version after the last one; without a resource, its end. */
  next(last: FoundRow, resource?: Resource): VersionRow
  /** Whether the content is that of the current version, leaving aside what the store itself writes into `meta`. */
  isSame(resource: Resource, current: VersionRow): boolean
}

export interface RevisionsDeps {
  readonly json: Pick<Indexing, 'writeJson' | 'parseJson'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Makes versions by the rules of `json`. */
export function createRevisions({ json: { writeJson, parseJson }, now }: RevisionsDeps): Revisions {
  return {
    first(row, id, resource) {
      const updated = now()
      const json = writeJson(versionOf(resource, id, 1, updated))
      return { row, type: resource.resourceType, id, version: 1, updated, deleted: 0, json }
    },
    next(last, resource) {
      const version = last.version + 1
      // A clock that was set back must not make a version older than the one before.
      const updated = Math.max(now(), last.updated)
      const json = resource ? writeJson(versionOf(resource, last.id, version, updated)) : ''
      return { ...last, version, updated, deleted: resource ? 0 : 1, json }
    },
    isSame(resource, current) {
      const json = writeJson(versionOf(resource, current.id, current.version, current.updated))
      return json === current.json || isDeepStrictEqual(parseJson(json), parseJson(current.json))
    },
  }
}
