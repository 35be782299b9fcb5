/** `_include` and `_revinclude`. @see https://hl7.org/fhir/R4/search.html#include */
import type { Resource } from '../../smart/resource.ts'
import { valuesOf } from './extract.ts'
import { findParameter } from './parameters.ts'

export interface IncludeSpec {
  /** Whether the resources that point to a match are asked for, not those that a match points to. */
  readonly reverse: boolean
  /** The type that has the reference. */
  readonly type: string
  /** A reference parameter of that type. */
  readonly parameter: string
  /** Only references to this type. */
  readonly target?: string
}

/** Reads `Type:parameter` or `Type:parameter:Target`; nothing for wildcards and for what does not exist. */
export function parseInclude(value: string, reverse: boolean): IncludeSpec | undefined {
  const [type = '', parameter = '', target, ...rest] = value.split(':')
  const definition = rest.length === 0 ? findParameter(type, parameter) : undefined
  if (definition?.type !== 'reference' || definition.sources.length === 0) return undefined
  if (!target) return { reverse, type, parameter }
  return definition.targets.includes(target) ? { reverse, type, parameter, target } : undefined
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
