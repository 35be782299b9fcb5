import { createHash } from 'node:crypto'
import { isId } from './check-resource.ts'
import type { Entry } from './entry.ts'

const URN = /^urn:(?:uuid|oid):(.+)$/

/**
 * The id that an entry gets when nothing in the store stands for it: that of the PUT, its own, the one in its fullUrl, or one made from its
 * content. Always the same for the same entry, so that importing twice changes nothing.
 */
export function ownId({ resource, fullUrl, request }: Entry): string {
  return request?.id ?? resource.id ?? idOfUrl(fullUrl, resource.resourceType) ?? hashOf(resource, fullUrl)
}

function idOfUrl(fullUrl: string | undefined, type: string): string | undefined {
  if (fullUrl === undefined) return undefined
  const [, name] = URN.exec(fullUrl) ?? []
  const parts = fullUrl.split('/')
  const id = name ?? (parts.at(-2) === type ? parts.at(-1) : undefined)
  return id !== undefined && isId(id) ? id : undefined
}

function hashOf(resource: Entry['resource'], fullUrl: string | undefined): string {
  const text = JSON.stringify([fullUrl ?? '', resource])
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
