/** The filters of scopes and policies as clauses. What is not understood is never taken to match. */
import type { Filter } from '../../smart/filter.ts'
import { parseClause } from './clause.ts'
import type { Clause } from './plan.ts'
import { SearchError } from './search-error.ts'
import { noVocabulary, type Vocabulary } from './vocabulary.ts'

type ByType = Map<string, readonly Clause[] | undefined>

// Filters live as long as the grant they come from: what was read of one goes when it does.
const known = new WeakMap<Vocabulary, WeakMap<Filter, ByType>>()

function knownFor(filter: Filter, vocabulary: Vocabulary): ByType {
  const byFilter = known.get(vocabulary) ?? new WeakMap<Filter, ByType>()
  known.set(vocabulary, byFilter)
  const byType: ByType = byFilter.get(filter) ?? new Map()
  byFilter.set(filter, byType)
  return byType
}

/**
 * The clauses of a filter on a type; undefined when a parameter is unknown there or a value is not valid. A chain is
 * never part of them: what it says cannot be told of one resource alone.
 */
export function filterClauses(
  type: string,
  filter: Filter,
  vocabulary: Vocabulary = noVocabulary,
): readonly Clause[] | undefined {
  const byType = knownFor(filter, vocabulary)
  if (!byType.has(type)) byType.set(type, readFilter(type, filter, vocabulary))
  return byType.get(type)
}

/** Whether a filter can be enforced on a type; with `*`, on every type alike. */
export function isSupportedFilter(type: string, filter: Filter, vocabulary?: Vocabulary): boolean {
  return filterClauses(type, filter, vocabulary) !== undefined
}

function readFilter(type: string, filter: Filter, vocabulary: Vocabulary): readonly Clause[] | undefined {
  const clauses: Clause[] = []
  for (const { parameter, value } of filter) {
    const clause = readItem(type, parameter, value, vocabulary)
    if (!clause) return undefined
    clauses.push(clause)
  }
  return clauses
}

function readItem(
  type: string,
  parameter: string,
  value: string,
  vocabulary: Vocabulary,
): Clause | undefined {
  try {
    // References in a filter are relative: what a grant means does not hang on where the server stands.
    return parseClause(parameter, value, { type, base: '', vocabulary })
  } catch (error) {
    if (error instanceof SearchError) return undefined
    throw error
  }
}
