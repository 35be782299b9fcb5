/** One version of a resource: as a row of a table, as JSON to send, as what the port promises. */
import type { Stored } from '../../resource/repository.ts'
import type { Resource } from '../../smart/resource.ts'

export interface VersionRow {
  readonly row: number
  readonly type: string
  readonly id: string
  readonly version: number
  readonly updated: number
  readonly deleted: number
  readonly json: string
}

/** A version as it is written: identity first, then the rest in the order it came. */
export function versionOf(resource: Resource, id: string, version: number, updated: number): Resource {
  const { resourceType, id: _id, meta, ...rest } = resource
  const versionMeta = { ...meta, versionId: String(version), lastUpdated: instant(updated) }
  return { resourceType, id, meta: versionMeta, ...rest }
}

/** A version as the port promises it; its JSON is parsed when somebody asks for the resource. */
export function storedOf({ type, id, version, updated, deleted, json }: VersionRow): Stored {
  let resource: Resource | undefined
  return {
    type,
    id,
    version: String(version),
    lastUpdated: instant(updated),
    deleted: deleted === 1,
    json,
    get resource() {
      resource ??= json === '' ? { resourceType: type, id } : (JSON.parse(json) as Resource)
      return resource
    },
  }
}

function instant(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
