/** What the entries of one transaction share: what a condition named stays named, and what is going to be stored is known. */
import type { Resource } from '../../smart/resource.ts'
import type { Find, Found, Services } from '../interactions/handler.ts'

/** The services of one transaction. */
export interface Means extends Services {
  readonly pending: Map<string, Resource>
}

/** Services that search for the same condition once only. */
export function withMemory(services: Services): Means {
  const known = new Map<string, Promise<Found>>()
  const find: Find = (type, query, caller) => {
    const key = `${type}?${query}`
    const found = known.get(key) ?? services.find(type, query, caller)
    known.set(key, found)
    return found
  }
  return { ...services, find, pending: new Map() }
}
