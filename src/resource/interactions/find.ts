/**
 * Enforces that a condition names only what the caller may find: it is a search with the caller's own letter `s`, and a
 * resource that is hidden is no match (SCOPE-08; annex F, AMB-27). @see FHIR R4 http, conditional interactions
 */
import { admit, reachFor } from '../enforce.ts'
import { FhirError } from '../outcomes.ts'
import type { Caller } from '../request.ts'
import { type Item, isControl } from '../search/control.ts'
import type { SearchPlan } from '../search/plan.ts'
import { planSearch } from '../search/plan-search.ts'
import { SearchError } from '../search/search-error.ts'
import type { BaseServices, Find, Found } from './handler.ts'

/** Two are enough to know that it is not one. */
const enough: readonly Item[] = [
  ['_count', '2'],
  ['_total', 'none'],
]

/** Makes the search for conditions. */
export function createFind(services: BaseServices): Find {
  return async (type, query, caller) => {
    const plan = planCondition(type, query, caller, services)
    const { matches } = await services.repository.search(plan)
    const reach = reachFor(caller, 's', type)
    const [match, another] = matches.flatMap((stored) => admit(stored, reach, services.matches) ?? [])
    if (another) throw new FhirError('ambiguous')
    return foundBy(plan, match)
  }
}

function foundBy(plan: SearchPlan, match: Found['match']): Found {
  const expected = { kind: 'expect', plan, ids: match ? [match.id] : [] } as const
  return match ? { match, expected } : { expected }
}

function planCondition(type: string, query: string, caller: Caller, { base }: BaseServices): SearchPlan {
  const items = [...new URLSearchParams(query)].filter(([name]) => name !== '_format' && name !== '_pretty')
  const control = items.find(([name]) => isControl(name))?.[0]
  if (control !== undefined)
    throw new FhirError('parameter', { text: `${control} says nothing about which resource is meant.` })
  const plan = planned(type, [...items, ...enough], caller, base)
  if (plan.clauses.length === 0) throw new FhirError('unselective')
  return plan
}

function planned(type: string, parameters: readonly Item[], caller: Caller, base: string): SearchPlan {
  const searchable = (linked: string) => reachFor(caller, 's', linked)
  const reach = searchable(type)
  try {
    return planSearch({ type, parameters, reach, base, strict: true, reachFor: searchable }).plan
  } catch (error) {
    if (!(error instanceof SearchError)) throw error
    throw new FhirError('parameter', { text: `${error.parameter}: ${error.text}.` })
  }
}
