/** `_include` and `_revinclude`. @see https://hl7.org/fhir/R4/search.html#include */
import type { Resource } from '../../smart/resource.ts'
import { valuesOf } from './extract.ts'
import { findParameter, type Parameter, searchParametersOf } from './parameters.ts'
import type { EitherClause, ReferenceCondition } from './plan.ts'

export interface IncludeSpec {
  /** Whether the resources that point to a match are asked for, not those that a match points to. */
  readonly reverse: boolean
  /** The type that has the reference; `*` for every type. */
  readonly type: string
  /** A reference parameter of that type; `*` for all of them. */
  readonly parameter: string
  /** Only references to this type. */
  readonly target?: string
  /** Whether what was included has its own inclusions in turn. */
  readonly iterate: boolean
}

/** Reads `*`, `Type:*`, `Type:parameter` or `Type:parameter:Target`; nothing for what does not exist. */
export function parseInclude(value: string, reverse: boolean, iterate: boolean): IncludeSpec | undefined {
  if (value === '*') return { reverse, type: '*', parameter: '*', iterate }
  const [type = '', parameter = '', target, ...rest] = value.split(':')
  if (rest.length > 0) return undefined
  // Those who point to a resource from the trail are found by searching the trail, whose work is bounded.
  if (reverse && type === 'AuditEvent') return undefined
  if (parameter === '*' && referencesFrom(type).length > 0)
    return anyReference(type, target, reverse, iterate)
  const definition = findParameter(type, parameter)
  if (definition?.type !== 'reference' || definition.sources.length === 0) return undefined
  if (!target) return { reverse, type, parameter, iterate }
  return definition.targets.includes(target) ? { reverse, type, parameter, target, iterate } : undefined
}

function anyReference(
  type: string,
  target: string | undefined,
  reverse: boolean,
  iterate: boolean,
): IncludeSpec | undefined {
  const spec = { reverse, type, parameter: '*', iterate }
  if (!target) return spec
  return referencesFrom(type).some(({ targets }) => targets.includes(target))
    ? { ...spec, target }
    : undefined
}

/** The parameters of a type that point to resources. */
export function referencesFrom(type: string): Parameter[] {
  return searchParametersOf(type).filter(
    (parameter) => parameter.type === 'reference' && parameter.key.owner === type,
  )
}

/** What resources of a type point to one of `targets` by these parameters: a clause for a plan. */
export function pointingClause(
  type: string,
  parameters: readonly Parameter[],
  targets: readonly { readonly type: string; readonly id: string }[],
): EitherClause {
  const any: ReferenceCondition[] = targets.map((target) => ({ kind: 'reference', ...target }))
  return {
    kind: 'either',
    negated: false,
    any: parameters.map(({ key }) => ({
      type,
      clauses: [{ kind: 'value', parameter: key, values: 'reference', negated: false, any }],
    })),
  }
}

/** What a resource points to by the parameters that an inclusion means, as far as it may be ours; each once. */
export function includedBy(resource: Resource, spec: IncludeSpec): ReturnType<typeof referencesOf> {
  if (spec.parameter !== '*') return referencesOf(resource, spec.parameter)
  const found = referencesFrom(resource.resourceType).flatMap(({ key }) => referencesOf(resource, key.code))
  return [...new Map(found.map((target) => [`${target.type}/${target.id}`, target])).values()]
}

/** What a resource points to by one of its reference parameters, as far as it may be ours; each once. */
export function referencesOf(
  resource: Resource,
  parameter: string,
): { readonly type: string; readonly id: string }[] {
  const definition = findParameter(resource.resourceType, parameter)
  const found = new Map<string, { type: string; id: string }>()
  for (const value of definition?.type === 'reference' ? valuesOf(resource, definition) : []) {
    if (value.kind === 'reference' && value.id !== '')
      found.set(`${value.type}/${value.id}`, { type: value.type, id: value.id })
  }
  return [...found.values()]
}
