/**
 * Searches that run below the decision, because the decision rests on what they find: rights and Consents. What they
 * find goes to identity, never into a reply.
 */
import type { Repository, Stored } from '../resource/repository.ts'
import { parseCursor } from '../resource/search/cursor.ts'
import { planSearch } from '../resource/search/plan-search.ts'

/** Finds all current resources of a type with these parameters, up to a bound. */
export type UnjudgedSearch = (
  type: string,
  parameters: readonly (readonly [name: string, value: string])[],
) => Promise<Unjudged>

/** What was found, and whether there was more than was read. */
export interface Unjudged {
  readonly found: readonly Stored[]
  readonly isCut: boolean
}

const pageSize = 1000

/** Makes the search; `most` bounds what one call reads, `base` is the FHIR base URL. */
export function createUnjudgedSearch(repository: Repository, base: string, most: number): UnjudgedSearch {
  return async (type, parameters) => {
    const reach = { within: [{ type, compartments: [], filter: [] }], without: [] }
    const { plan } = planSearch({
      type,
      parameters: [...parameters, ['_count', String(pageSize)], ['_total', 'none']],
      reach,
      base,
      strict: true,
    })
    const found: Stored[] = []
    let page = await repository.search(plan)
    found.push(...page.matches)
    while (page.next !== undefined && found.length < most) {
      const after = parseCursor(page.next, plan.sort.length)
      if (!after) break
      page = await repository.search({ ...plan, after })
      found.push(...page.matches)
    }
    return { found, isCut: page.next !== undefined }
  }
}
