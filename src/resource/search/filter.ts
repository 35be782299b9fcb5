/** The filters of scopes and policies as clauses. What is not understood is never taken to match. */
import type { Filter } from '../../smart/filter.ts'
import { parseClause } from './clause.ts'
import type { Clause } from './plan.ts'
import { SearchError } from './search-error.ts'

// Filters live as long as the grant they come from: what was read of one goes when it does.
const known = new WeakMap<Filter, Map<string, readonly Clause[] | undefined>>()

/** The clauses of a filter on a type; undefined when a parameter is unknown there or a value is not valid. */
export function filterClauses(type: string, filter: Filter): readonly Clause[] | undefined {
  const byType = known.get(filter) ?? new Map<string, readonly Clause[] | undefined>()
  known.set(filter, byType)
  if (!byType.has(type)) byType.set(type, readFilter(type, filter))
  return byType.get(type)
}

/** Whether a filter can be enforced on a type; with `*`, on every type alike. */
export function isSupportedFilter(type: string, filter: Filter): boolean {
  return filterClauses(type, filter) !== undefined
}

function readFilter(type: string, filter: Filter): readonly Clause[] | undefined {
  const clauses: Clause[] = []
  for (const { parameter, value } of filter) {
    const clause = readItem(type, parameter, value)
    if (!clause) return undefined
    clauses.push(clause)
  }
  return clauses
}

function readItem(type: string, parameter: string, value: string): Clause | undefined {
  try {
    // References in a filter are relative: what a grant means does not hang on where the server stands.
    return parseClause(parameter, value, { type, base: '' })
  } catch (error) {
    if (error instanceof SearchError) return undefined
    throw error
  }
}
