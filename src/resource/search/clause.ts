/**
 * One `name[:modifier]=value` as a clause. The same reading serves a query, a scope's filter and a policy, so that
 * none of them can mean something else than the others.
 */
import { resourceTypes } from '../../smart/compartment.r4.ts'
import { findParameter, type Parameter } from './parameters.ts'
import type { Clause, Condition, Values } from './plan.ts'
import { SearchError } from './search-error.ts'
import { parseDate } from './values/date.ts'
import { splitValue, unescapeValue } from './values/escapes.ts'
import { parseNumber, parseQuantity } from './values/quantity.ts'
import { parseReferenceValue } from './values/reference.ts'
import { fold } from './values/string.ts'
import { parseToken } from './values/token.ts'

/** The FHIR base URL under which references are ours; empty when there is none. */
export interface Context {
  readonly type: string
  readonly base: string
}

interface Asked {
  readonly parameter: Parameter
  readonly modifier: string
  readonly context: Context
}

const alternativesLimit = 2000
const knownTypes = new Set(resourceTypes)

/** Parts of search that would narrow the result and are not built: to pass them over would widen it. */
const unsupportedNames = new Set(['_filter', '_text', '_content', '_list', '_query', '_has', '_in', 'near'])

/** Whether a name asks for a chain, a reverse chain or another part of search that is not built. */
export function isUnsupported(name: string): boolean {
  const [plain = ''] = name.split(':')
  return unsupportedNames.has(plain) || name.includes('.')
}

/** Reads a clause; undefined for a name that the type does not have. Throws a SearchError for all that is wrong with the rest. */
export function parseClause(name: string, value: string, context: Context): Clause | undefined {
  if (isUnsupported(name)) throw new SearchError(name, 'this kind of search is not supported')
  const colon = name.indexOf(':')
  const parameter = findParameter(context.type, colon < 0 ? name : name.slice(0, colon))
  if (!parameter) return undefined
  if (name.endsWith(':')) throw new SearchError(name, 'the modifier is empty')
  if (parameter.sources.length === 0)
    throw new SearchError(name, 'searching by this parameter is not supported')
  const asked = { parameter, modifier: colon < 0 ? '' : name.slice(colon + 1), context }
  const parts = splitValue(value, ',').filter((part) => part !== '')
  if (parts.length === 0) throw new SearchError(name, 'the value is empty')
  if (parts.length > alternativesLimit)
    throw new SearchError(name, `more than ${alternativesLimit} alternatives`)
  if (asked.modifier === 'missing') return missing(asked, name, parts)
  return clause(asked, name, parts)
}

function missing({ parameter }: Asked, name: string, parts: readonly string[]): Clause {
  const [only] = parts
  if (parts.length !== 1 || (only !== 'true' && only !== 'false'))
    throw new SearchError(name, 'expected true or false')
  return {
    parameter: parameter.key,
    values: indexOf(parameter),
    negated: only === 'true',
    any: [{ kind: 'present' }],
  }
}

function clause(asked: Asked, name: string, parts: readonly string[]): Clause {
  const { parameter, modifier } = asked
  const read = reader(asked)
  if (!read) throw new SearchError(name, `the modifier :${modifier} is not supported here`)
  const any = parts.flatMap((part) => {
    const conditions = read(part)
    if (!conditions) throw new SearchError(name, `'${part}' is no ${parameter.type} value`)
    return conditions
  })
  const values = modifier === 'identifier' ? 'token' : indexOf(parameter)
  return { parameter: parameter.key, values, negated: modifier === 'not', any }
}

/** Where a parameter's values are found. */
export function indexOf({ key, type }: Parameter): Values {
  if (key.code === '_id') return 'id'
  if (key.code === '_lastUpdated') return 'lastUpdated'
  if (type === 'uri') return 'string'
  if (type === 'quantity') return 'number'
  return type as Values
}

type Reader = (part: string) => readonly Condition[] | undefined

function reader({ parameter, modifier, context }: Asked): Reader | undefined {
  switch (parameter.type) {
    case 'token':
      return modifier === '' || modifier === 'not' ? tokenReader(parameter) : undefined
    case 'string':
      return stringReader(modifier)
    case 'reference':
      return referenceReader(parameter, modifier, context)
    default:
      return modifier === '' ? plainReader(parameter) : undefined
  }
}

function plainReader(parameter: Parameter): Reader | undefined {
  switch (parameter.type) {
    case 'date':
      return (part) => one(parseDate(part))
    case 'number':
      return (part) => one(parseNumber(part))
    case 'quantity':
      return (part) => one(parseQuantity(part))
    case 'uri':
      return (part) => [{ kind: 'string', match: 'folded', text: unescapeValue(part) }]
    default:
      return undefined
  }
}

function tokenReader(parameter: Parameter): Reader {
  if (parameter.key.code === '_id') return (part) => [{ kind: 'id', id: unescapeValue(part) }]
  return (part) => one(parseToken(part))
}

function stringReader(modifier: string): Reader | undefined {
  if (modifier === 'exact') return (part) => [{ kind: 'string', match: 'exact', text: unescapeValue(part) }]
  if (modifier !== '' && modifier !== 'contains') return undefined
  const match = modifier === '' ? 'starts' : 'contains'
  return (part) => {
    const text = fold(unescapeValue(part))
    // A value of nothing but accents would be the beginning of every string.
    return text === '' ? undefined : [{ kind: 'string', match, text }]
  }
}

function referenceReader({ targets }: Parameter, modifier: string, { base }: Context): Reader | undefined {
  if (modifier === 'identifier') return (part) => one(parseToken(part))
  if (modifier === '') return (part) => parseReferenceValue(part, targets, base)
  return knownTypes.has(modifier) ? (part) => parseReferenceValue(part, [modifier], base) : undefined
}

function one(condition: Condition | undefined): readonly Condition[] | undefined {
  return condition && [condition]
}
