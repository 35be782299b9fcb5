import type { Resource } from '../../smart/resource.ts'
import type { Reach } from '../../smart/slice.ts'
import { createIdentified } from '../bundle/identified.ts'
import type { Repository } from '../repository.ts'
import { planSearch } from '../search/plan-search.ts'
import { SearchError } from '../search/search-error.ts'
import { LoadRefused, type Place } from './refusal.ts'

/** Finds what a condition (`identifier=system|value`) on a type names; each found as `Type/id`. */
export interface Conditions {
  find(type: string, condition: string, place: Place): Promise<readonly string[]>
}

/** An import is the operator's own act: it sees the whole store. */
const EVERYTHING: Reach = { within: [{ type: '*', compartments: [], filter: [] }], without: [] }

/** Conditions over the store and, for conditions on one identifier, over the resources of the same Bundle. */
export function createConditions(
  repository: Repository,
  base: string,
  sameBundle: ReadonlyMap<string, Resource>,
): Conditions {
  const known = new Map<string, readonly string[]>()
  const identified = createIdentified(sameBundle)

  async function find(type: string, condition: string, place: Place) {
    const key = `${type}?${condition}`
    const before = known.get(key)
    if (before) return before
    const stored = await findStored(repository, base, type, condition, place)
    const found = [...new Set([...identified(type, condition), ...stored])]
    known.set(key, found)
    return found
  }
  return { find }
}

async function findStored(
  repository: Repository,
  base: string,
  type: string,
  condition: string,
  place: Place,
) {
  try {
    const parameters = [
      ...new URLSearchParams(condition),
      ['_count', '2'] as [string, string],
      ['_total', 'none'] as [string, string],
    ]
    const { plan } = planSearch({ type, parameters, reach: EVERYTHING, base, strict: true })
    const { matches } = await repository.search(plan)
    return matches.map((one) => `${one.type}/${one.id}`)
  } catch (error) {
    if (error instanceof SearchError) throw new LoadRefused(`${type}?${condition}: ${error.text}`, place)
    throw error
  }
}
