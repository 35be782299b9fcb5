/** What the contract is run on, and how it asks. */
import type { Repository, SearchPage } from '../../src/resource/repository.ts'
import { planSearch } from '../../src/resource/search/plan-search.ts'
import type { Reach } from '../../src/smart/slice.ts'
import { everything } from './repository-fixtures.ts'

/** A repository on empty tables, at a clock that stands at `time.now` milliseconds. */
export interface Made {
  readonly repository: Repository
  readonly time: { now: number }
  close(): Promise<void>
}

export const base = 'http://here.example/fhir'
export const start = Date.UTC(2024, 6, 1)

/** Searches with a query as it stands in a URL, but not percent-encoded. */
export function find(
  repository: Repository,
  query: string,
  reach: Reach = everything,
  cursor?: string,
): Promise<SearchPage> {
  const [type = '', rest = ''] = query.split('?')
  const parameters = rest
    .split('&')
    .filter(Boolean)
    .map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)] as const)
  const { plan } = planSearch({
    type,
    parameters,
    reach,
    base,
    strict: false,
    reachFor: () => reach,
    ...(cursor && { cursor }),
  })
  return repository.search(plan)
}

/** The ids on a page, in its order. */
export const idsOf = (page: SearchPage) => page.matches.map(({ id }) => id)

/** A test of the contract, on a repository made for it. */
export type Contract = (title: string, run: (made: Made) => Promise<void>) => void
