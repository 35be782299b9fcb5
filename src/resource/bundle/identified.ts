/** Resources of a Bundle by their identifiers, for references that name them by a search instead of an address. */
import type { Resource } from '../../smart/resource.ts'

/** The references of those resources that `identifier=system|value` names, when that is all that a condition asks. */
export type Identified = (type: string, condition: string) => readonly string[]

/** Makes the index, when it is first asked; `resources` are by `Type/id`. */
export function createIdentified(resources: ReadonlyMap<string, Resource>): Identified {
  let index: ReadonlyMap<string, readonly string[]> | undefined
  return (type, condition) => {
    const key = keyOf(type, condition)
    if (key === undefined) return []
    index ??= indexOf(resources)
    return index.get(key) ?? []
  }
}

function keyOf(type: string, condition: string): string | undefined {
  const [first, ...more] = new URLSearchParams(condition)
  return first?.[0] === 'identifier' && more.length === 0 ? `${type}?${first[1]}` : undefined
}

function indexOf(resources: ReadonlyMap<string, Resource>): Map<string, string[]> {
  const index = new Map<string, string[]>()
  for (const [reference, { resourceType, identifier }] of resources) {
    for (const one of Array.isArray(identifier) ? identifier : []) {
      const { system = '', value } = (one ?? {}) as { system?: unknown; value?: unknown }
      if (typeof system !== 'string' || typeof value !== 'string') continue
      const key = `${resourceType}?${system}|${value}`
      const found = index.get(key)
      if (found) found.push(reference)
      else index.set(key, [reference])
    }
  }
  return index
}
