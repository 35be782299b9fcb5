/**
 * Clauses of a search across types. A parameter that every type has means the same on each; any other is a parameter
 * of each of the types that `_type` names, and all of them have to have it. @see FHIR R4 search, searching multiple types
 */
import { resourceTypes } from '../../smart/compartment.r4.ts'
import { parseClause } from './clause.ts'
import type { Context } from './context.ts'
import type { Item } from './control.ts'
import type { Alternative, Clause } from './plan.ts'
import { SearchError } from './search-error.ts'

const knownTypes = new Set(resourceTypes)
const typeParameter = '_type'

/** The types that a search across types is about: those of `_type`; nothing when it is about all. */
export function parseTypes(items: readonly Item[]): readonly string[] | undefined {
  const lists = items.filter(([name]) => name === typeParameter).map(([, value]) => parseList(value))
  const [first, ...more] = lists
  return first && [...new Set(first.filter((type) => more.every((list) => list.includes(type))))]
}

function parseList(value: string): string[] {
  const types = value.split(',').filter(Boolean)
  const unknown = types.find((type) => !knownTypes.has(type))
  if (unknown !== undefined || types.length === 0)
    throw new SearchError(typeParameter, `'${unknown ?? ''}' is no resource type`)
  return types
}

/** Whether a parameter is `_type`. */
export function isTypeList(name: string): boolean {
  return name === typeParameter
}

/** A clause that holds for resources of all these types; undefined when not all of them have the parameter. */
export function parseAcrossTypes(
  name: string,
  value: string,
  types: readonly string[],
  context: Context,
): Clause | undefined {
  const common = parseClause(name, value, context)
  if (common || types.length === 0) return common
  const any = types.flatMap((type): Alternative[] => {
    const clause = parseClause(name, value, { ...context, type })
    return clause ? [{ type, clauses: [clause] }] : []
  })
  return any.length === types.length ? { kind: 'either', negated: false, any } : undefined
}
