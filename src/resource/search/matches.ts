/**
 * Does a single resource satisfy a clause? Answered from the very rows that a store would index, with the comparisons
 * that a store's query language has to repeat.
 */
import type { Filter } from '../../smart/filter.ts'
import type { Resource } from '../../smart/resource.ts'
import type { Matches } from '../../smart/slice.ts'
import { type PartValues, partsOf, valuesOf } from './extract.ts'
import { filterClauses } from './filter.ts'
import { findParameter } from './parameters.ts'
import type {
  Alternative,
  Clause,
  Condition,
  GroupClause,
  PartCondition,
  ValueClause,
  Values,
} from './plan.ts'
import type { IndexValue } from './rows.ts'
import { dateMatches } from './values/date.ts'
import { numberMatches } from './values/quantity.ts'
import { referenceMatches } from './values/reference.ts'
import { stringMatches } from './values/string.ts'
import { wordsMatch } from './values/text.ts'
import { tokenMatches } from './values/token.ts'
import type { Vocabulary } from './vocabulary.ts'

/**
 * Makes the check of a slice's filter on one resource; it gives undefined for a filter that cannot be told.
 * `vocabulary` is what `:in`, `:above` and `:below` in filters may rest on.
 */
export function createMatches(vocabulary?: Vocabulary): Matches {
  return (resource, filter: Filter) =>
    filterClauses(resource.resourceType, filter, vocabulary)?.every((clause) => clauseHolds(resource, clause))
}

/** Whether a resource satisfies a clause. Throws for a chain: a filter has none, and a query is not judged here. */
export function clauseHolds(resource: Resource, clause: Clause): boolean {
  switch (clause.kind) {
    case 'value':
      return valueHolds(resource, clause) !== clause.negated
    case 'group':
      return groupHolds(resource, clause) !== clause.negated
    case 'either':
      return clause.any.some((alternative) => alternativeHolds(resource, alternative)) !== clause.negated
    case 'link':
      throw new Error('a chain cannot be told of one resource alone')
  }
}

function valueHolds(resource: Resource, { parameter, values, any }: ValueClause): boolean {
  const definition = findParameter(resource.resourceType, parameter.code)
  const found = definition ? valuesOf(resource, definition).filter(isOf(values)) : []
  return found.some((value) => any.some((condition) => conditionHolds(value, condition)))
}

function groupHolds(resource: Resource, { parameter, any }: GroupClause): boolean {
  const definition = findParameter(resource.resourceType, parameter.code)
  const elements = definition ? partsOf(resource, definition) : []
  return elements.some((components) =>
    any.some((wanted) => wanted.every((condition) => partHolds(components, condition))),
  )
}

function partHolds(components: readonly PartValues[], { component, any }: PartCondition): boolean {
  return components
    .filter(({ parameter }) => parameter.code === component.code)
    .some(({ values }) => values.some((value) => any.some((condition) => conditionHolds(value, condition))))
}

function alternativeHolds(resource: Resource, { type, clauses }: Alternative): boolean {
  if (type !== undefined && type !== resource.resourceType) return false
  return clauses.every((clause) => clauseHolds(resource, clause))
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
  if (value.kind === 'text') return condition.kind === 'words' && wordsMatch(value, condition)
  if (value.kind === 'string') return condition.kind === 'string' && stringMatches(value, condition)
  if (value.kind === 'date') return condition.kind === 'date' && dateMatches(value, condition)
  if (value.kind === 'number') return condition.kind === 'number' && numberMatches(value, condition)
  return condition.kind === 'reference' && referenceMatches(value, condition)
}
