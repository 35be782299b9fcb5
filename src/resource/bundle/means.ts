/** What the entries of one transaction share: what a condition named stays named, and what is going to be stored is known. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Resource } from '../../smart/resource.ts'
import type { Find, Found, Services } from '../interactions/handler.ts'
import { FhirError } from '../outcomes.ts'

/** The services of one transaction. */
export interface Means extends Services {
  readonly pending: Map<string, Resource>
}

/** Different conditions of one transaction, those of its references among them: each is a search. */
const mostConditions = 1000

/** Services that search for the same condition once only. */
export function withMemory(services: Services): Means {
  const known = new Map<string, Promise<Found>>()
  const find: Find = (type, query, caller) => {
    const key = `${type}?${query}`
    const found = known.get(key) ?? search(type, query, caller)
    known.set(key, found)
    return found
  }
  async function search(...asked: Parameters<Find>): Promise<Found> {
    if (known.size >= mostConditions)
      throw new FhirError('tooCostly', {
        text: `The transaction has more than ${mostConditions} different conditions.`,
      })
    // Other people's requests are waiting, too.
    await nextTurn()
    return services.find(...asked)
  }
  return { ...services, find, pending: new Map() }
}
