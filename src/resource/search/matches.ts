/**
 * Does a single resource satisfy a clause? Answered from the very rows that a store would index, with the comparisons
 * that a store's query language has to repeat.
 */
import type { Filter } from '../../smart/filter.ts'
import type { Resource } from '../../smart/resource.ts'
import type { Matches } from '../../smart/slice.ts'
import { valuesOf } from './extract.ts'
import { filterClauses } from './filter.ts'
import { findParameter } from './parameters.ts'
import type { Clause, Condition, Values } from './plan.ts'
import type { IndexValue } from './rows.ts'
import { dateMatches } from './values/date.ts'
import { numberMatches } from './values/quantity.ts'
import { referenceMatches } from './values/reference.ts'
import { stringMatches } from './values/string.ts'
import { tokenMatches } from './values/token.ts'

/** Makes the check of a slice's filter on one resource; it gives undefined for a filter that cannot be told. */
export function createMatches(): Matches {
  return (resource, filter: Filter) =>
    filterClauses(resource.resourceType, filter)?.every((clause) => clauseHolds(resource, clause))
}

/** Whether a resource satisfies a clause. */
export function clauseHolds(resource: Resource, { parameter, values, negated, any }: Clause): boolean {
  const definition = findParameter(resource.resourceType, parameter.code)
  const found = definition ? valuesOf(resource, definition).filter(isOf(values)) : []
  return found.some((value) => any.some((condition) => conditionHolds(value, condition))) !== negated
}

/** A reference parameter has tokens beside its references; every other has values of one kind. */
function isOf(values: Values): (value: IndexValue) => boolean {
  if (values === 'id') return () => true
  const kind = values === 'lastUpdated' ? 'date' : values
  return (value) => value.kind === kind
}

function conditionHolds(value: IndexValue, condition: Condition): boolean {
  if (condition.kind === 'present') return true
  if (condition.kind === 'id') return value.kind === 'token' && value.code === condition.id
  if (value.kind === 'token') return condition.kind === 'token' && tokenMatches(value, condition)
  if (value.kind === 'string') return condition.kind === 'string' && stringMatches(value, condition)
  if (value.kind === 'date') return condition.kind === 'date' && dateMatches(value, condition)
  if (value.kind === 'number') return condition.kind === 'number' && numberMatches(value, condition)
  return condition.kind === 'reference' && referenceMatches(value, condition)
}
