/**
 * Reads what an operation is given, by URL and by a Parameters body together, and enforces that it is what the operation
 * takes: known names, as often as allowed, each of its kind. What is wrong is refused (400) under the parameter's name.
 * @see FHIR R4 operations, executing an operation
 */
import type { Resource } from '../../smart/resource.ts'
import { parseAnyBody } from '../body.ts'
import type { Exchange } from '../interactions/handler.ts'
import { FhirError } from '../outcomes.ts'
import { badParameter, type Item } from './item.ts'
import { type ParameterDefinition, parameterKinds } from './parameter-kinds.ts'
import { itemsOf } from './parameters-body.ts'

/** The parameters of a call. */
export interface Given {
  /** As text, in the order they came, with those of the body. */
  readonly pairs: readonly (readonly [string, string])[]
  readonly resource?: Resource
  all(name: string): readonly string[]
  one(name: string): string | undefined
}

const mostItems = 200
const longestValue = 8 * 1024
/** Parameters about the form of the reply. */
const formNames = new Set(['_format', '_pretty'])

/** The parameters as a query, for the audit trail. */
export function queryTextOf({ pairs }: Given): string {
  return String(new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])))
}

/** Reads and checks the parameters of a call. */
export function readGiven(
  exchange: Exchange<'operation'>,
  definitions: readonly ParameterDefinition[],
): Given {
  const inUrl = [...exchange.parameters].filter(([name]) => !formNames.has(name))
  const items: Item[] = [
    ...inUrl.map(([name, value]) => ({ name, value })),
    ...itemsOfBody(exchange, definitions),
  ]
  if (items.length > mostItems)
    throw new FhirError('parameter', { text: `There are more than ${mostItems} parameters.` })
  checkItems(items, definitions)
  const pairs = items.flatMap(({ name, value }): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  )
  const resource = items.map(({ value }) => value).find((value) => typeof value !== 'string')
  return resource ? { ...givenOf(pairs), resource } : givenOf(pairs)
}

/** Parameters that were read and checked before. */
export function givenOf(pairs: Given['pairs']): Given {
  return {
    pairs,
    all: (name) => pairs.filter(([other]) => other === name).map(([, value]) => value),
    one: (name) => pairs.find(([other]) => other === name)?.[1],
  }
}

/** A body is Parameters, or where a resource is taken that resource itself. */
function itemsOfBody(
  { request, asked }: Exchange<'operation'>,
  definitions: readonly ParameterDefinition[],
): Item[] {
  if (request.method !== 'POST' || request.body === '') return []
  const body = parseAnyBody(request)
  const taken = definitions.find(({ kind }) => kind === 'resource')
  if (taken && !isWrapper(body, taken.name, asked.type)) return [{ name: taken.name, value: body }]
  if (body.resourceType !== 'Parameters')
    throw new FhirError('contradiction', {
      text: 'The body of this operation has to be a Parameters resource.',
      expression: 'resourceType',
    })
  return itemsOf(body)
}

/** Parameters that are themselves what the operation is about come plain or wrapped. */
function isWrapper({ resourceType, parameter }: Resource, taken: string, type: string | undefined): boolean {
  if (resourceType !== 'Parameters') return false
  return type !== 'Parameters' || (Array.isArray(parameter) && parameter.some((one) => one?.name === taken))
}

function checkItems(items: readonly Item[], definitions: readonly ParameterDefinition[]): void {
  const counts = new Map<string, number>()
  for (const { name, value } of items) {
    const definition = definitions.find((one) => one.name === name)
    if (!definition) throw badParameter(name, 'this operation has no such parameter')
    checkValue(definition, value)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (count > 1 && !definition.repeats) throw badParameter(name, 'it may be given only once')
  }
  const missing = definitions.find(({ name, required }) => required && !counts.has(name))
  if (missing) throw badParameter(missing.name, 'it is needed')
}

function checkValue({ name, kind }: ParameterDefinition, value: string | Resource): void {
  if (kind === 'resource') {
    if (typeof value === 'string') throw badParameter(name, 'expected a resource, in the body')
    return
  }
  const { expected, holds } = parameterKinds[kind]
  if (typeof value !== 'string') throw badParameter(name, `expected ${expected}`)
  if (value.length > longestValue)
    throw badParameter(name, `expected no more than ${longestValue} characters`)
  if (!holds(value)) throw badParameter(name, `expected ${expected}`)
}
