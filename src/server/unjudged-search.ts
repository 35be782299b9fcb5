/**
 * Searches that run below the decision, because the decision rests on what they find: rights and Consents. What they
 * find goes to identity, never into a reply.
 */
import type { Repository, SearchPage, Stored } from '../resource/repository.ts'
import { parseCursor } from '../resource/search/cursor.ts'
import type { Position, SearchPlan } from '../resource/search/plan.ts'
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
    const found: Stored[] = []
    for await (const page of readPages(repository, base, type, parameters)) {
      // One page more than is read tells that there is more.
      if (found.length >= most) return { found, isCut: true }
      found.push(...page)
    }
    return { found, isCut: false }
  }
}

/** All current resources of a type with these parameters, however many: a page at a time. */
export async function* readPages(
  repository: Repository,
  base: string,
  type: string,
  parameters: Parameters<UnjudgedSearch>[1],
): AsyncGenerator<readonly Stored[]> {
  const reach = { within: [{ type, compartments: [], filter: [] }], without: [] }
  const { plan } = planSearch({
    type,
    parameters: [...parameters, ['_count', String(pageSize)], ['_total', 'none']],
    reach,
    base,
    strict: true,
  })
  for (let next: SearchPlan | undefined = plan; next; ) {
    const page: SearchPage = await repository.search(next)
    yield page.matches
    const after: Position | undefined =
      page.next === undefined ? undefined : parseCursor(page.next, plan.sort.length)
    next = after && { ...plan, after }
  }
}
