/** What a resource is found by: the values that each search parameter of its type has in it. */
import type { Resource } from '../../smart/resource.ts'
import { type Component, type Group, type Parameter, parametersOf, type Source } from './parameters.ts'
import type { IndexRow, IndexValue, ParameterKey } from './rows.ts'
import { dateValues } from './values/date.ts'
import { numberValues } from './values/quantity.ts'
import { identifierValues, referenceValues } from './values/reference.ts'
import { stringValues, uriValues } from './values/string.ts'
import { textValues } from './values/text.ts'
import { tokenValues, truthValue } from './values/token.ts'

/** A resource's id and time of change are kept with the resource itself. */
const keptElsewhere = new Set(['_id', '_lastUpdated'])

/** All index rows of a resource. Never throws: an element of an unexpected shape has no values. */
export function extract(resource: Resource): IndexRow[] {
  const rows: IndexRow[] = []
  for (const owner of ['Resource', resource.resourceType]) {
    for (const parameter of parametersOf(owner).values()) {
      if (keptElsewhere.has(parameter.key.code)) continue
      addRows(resource, parameter, rows)
      addParts(resource, parameter, rows)
    }
  }
  return rows
}

function addRows(resource: Resource, parameter: Parameter, rows: IndexRow[]): void {
  for (const source of parameter.sources) {
    const elements = collect(resource, source)
    if (elements.length === 0 && source.as !== 'truth') continue
    for (const value of valuesOfElements(elements, parameter, source))
      rows.push({ parameter: parameter.key, value })
  }
}

function addParts(resource: Resource, parameter: Parameter, rows: IndexRow[]): void {
  for (const [part, components] of partsOf(resource, parameter).entries())
    for (const { parameter: component, values } of components)
      for (const value of values) rows.push({ parameter: component, value, part })
}

/** The values of one component in one element. */
export interface PartValues {
  readonly parameter: ParameterKey
  readonly values: readonly IndexValue[]
}

/** The elements of a parameter's groups in which every component has a value, and these values. */
export function partsOf(resource: Resource, { groups }: Parameter): PartValues[][] {
  return groups.flatMap((group) => partsOfGroup(resource, group))
}

function partsOfGroup(resource: Resource, { collect, parts }: Group): PartValues[][] {
  const elements: unknown[] = []
  collect(resource, elements)
  return elements
    .map((element) => parts.map((component) => componentValues(component, element, resource)))
    .filter((components) => components.every(({ values }) => values.length > 0))
}

function componentValues(component: Component, element: unknown, resource: Resource): PartValues {
  const values = valuesOf((component.root ? resource : element) as Resource, component)
  return { parameter: component.key, values: unique(values.filter(({ kind }) => kind !== 'text')) }
}

function unique(values: readonly IndexValue[]): IndexValue[] {
  if (values.length < 2) return [...values]
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}

/** The values of one parameter in a resource. */
export function valuesOf(resource: Resource, parameter: Parameter): IndexValue[] {
  return parameter.sources.flatMap((source) => valuesOfElements(collect(resource, source), parameter, source))
}

function collect(resource: Resource, source: Source): unknown[] {
  const elements: unknown[] = []
  source.collect(resource, elements)
  return elements
}

function valuesOfElements(
  elements: readonly unknown[],
  parameter: Parameter,
  { as, only }: Source,
): IndexValue[] {
  if (as === 'truth') return [truthValue(elements)]
  const [first] = elements
  if (elements.length === 1) return valuesOfElement(first, parameter, as, only)
  return elements.flatMap((element) => valuesOfElement(element, parameter, as, only))
}

function valuesOfElement(element: unknown, parameter: Parameter, as: string, only?: string): IndexValue[] {
  switch (parameter.type) {
    case 'token':
      return [...tokenValues(element, as), ...textValues(element, as)]
    case 'string':
      return stringValues(element, as)
    case 'uri':
      return uriValues(element)
    case 'date':
      return dateValues(element, as)
    case 'number':
    case 'quantity':
      return numberValues(element, as)
    case 'reference':
      return [...referenceValues(element, as, only), ...identifierValues(element, as)]
    default:
      return []
  }
}
