/**
 * One `name[:modifier]=value` as a clause. The same reading serves a query, a scope's filter and a policy, so that
 * none of them can mean something else than the others.
 */
import { isLinked, parseLinked } from './chain.ts'
import { compositeClause, compositePresent, typedIdentifierClause } from './composite.ts'
import type { Context } from './context.ts'
import { findParameter, indexOf, isSearchable, type Parameter } from './parameters.ts'
import type { Clause, Condition, Values } from './plan.ts'
import { conditionReader } from './read-conditions.ts'
import { SearchError } from './search-error.ts'
import { splitValue } from './values/escapes.ts'

interface Asked {
  readonly name: string
  readonly parameter: Parameter
  readonly modifier: string
  readonly context: Context
}

const alternativesLimit = 2000
/** Values that the alternatives stand for. */
const conditionsLimit = 20_000
/** Ranges and parts of texts are compared one by one, not looked up: each alternative is asked of each candidate. */
const comparisonsLimit = 100

/** Parts of search that would narrow the result and are not built: to pass them over would widen it. */
const unsupportedNames = new Set(['_filter', '_text', '_content', '_list', '_query', '_in', 'near'])

/** Reads a clause; undefined for a name that the type does not have. Throws a SearchError for all that is wrong with the rest. */
export function parseClause(name: string, value: string, context: Context): Clause | undefined {
  const [plain = ''] = name.split(':')
  if (unsupportedNames.has(plain)) throw new SearchError(name, 'this kind of search is not supported')
  if (isLinked(name)) return parseLinked(name, value, context, parseClause)
  const parameter = findParameter(context.type, plain)
  if (!parameter) return undefined
  if (name.endsWith(':')) throw new SearchError(name, 'the modifier is empty')
  if (!isSearchable(parameter)) throw new SearchError(name, 'searching by this parameter is not supported')
  const modifier = name.slice(plain.length + 1)
  return clauseOf({ name, parameter, modifier, context }, alternativesOf(name, value))
}

function alternativesOf(name: string, value: string): string[] {
  const parts = splitValue(value, ',').filter((part) => part !== '')
  if (parts.length === 0) throw new SearchError(name, 'the value is empty')
  if (parts.length > alternativesLimit)
    throw new SearchError(name, `more than ${alternativesLimit} alternatives`)
  return parts
}

function clauseOf(asked: Asked, parts: readonly string[]): Clause {
  const { name, parameter, modifier, context } = asked
  if (modifier === 'missing') return missing(asked, parts)
  if (modifier === 'of-type' && parameter.groups.length > 0 && parameter.type === 'token')
    return typedIdentifierClause(name, parameter, parts)
  if (parameter.type === 'composite') {
    if (modifier !== '') throw unknownModifier(asked)
    checkComparisons(name, parts.length)
    return compositeClause(name, parameter, parts, context)
  }
  return valueClause(asked, parts)
}

function missing({ name, parameter }: Asked, parts: readonly string[]): Clause {
  const [only] = parts
  if (parts.length !== 1 || (only !== 'true' && only !== 'false'))
    throw new SearchError(name, 'expected true or false')
  const negated = only === 'true'
  if (parameter.type === 'composite') return compositePresent(parameter, negated)
  const { key } = parameter
  return { kind: 'value', parameter: key, values: indexOf(parameter), negated, any: [{ kind: 'present' }] }
}

function valueClause(asked: Asked, parts: readonly string[]): Clause {
  const { name, parameter, modifier, context } = asked
  const read = conditionReader(parameter, modifier, context)
  if (!read) throw unknownModifier(asked)
  const any: Condition[] = []
  // One alternative may stand for all codes of a value set.
  for (const part of parts) {
    const conditions = read(part)
    if (!conditions) throw new SearchError(name, `'${part}' is no ${parameter.type} value`)
    if (typeof conditions === 'string') throw new SearchError(name, conditions)
    for (const condition of conditions) any.push(condition)
    if (any.length > conditionsLimit)
      throw new SearchError(name, `the alternatives stand for more than ${conditionsLimit} values`)
  }
  checkComparisons(name, any.filter(isComparison).length)
  const negated = modifier === 'not' || modifier === 'not-in'
  return { kind: 'value', parameter: parameter.key, values: valuesFor(parameter, modifier), negated, any }
}

function unknownModifier({ name, modifier }: Asked): SearchError {
  return new SearchError(name, `the modifier :${modifier} is not supported here`)
}

/** Whether a condition is compared with each value, instead of being one of a list. */
export function isComparison(condition: Condition): boolean {
  const { kind } = condition
  return kind === 'date' || kind === 'number' || kind === 'words' || kind === 'string'
}

function checkComparisons(name: string, count: number): void {
  if (count > comparisonsLimit) throw new SearchError(name, `more than ${comparisonsLimit} alternatives`)
}

function valuesFor(parameter: Parameter, modifier: string): Values {
  if (modifier === 'identifier') return 'token'
  return modifier === 'text' ? 'text' : indexOf(parameter)
}
