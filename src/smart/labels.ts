/**
 * Labels: the tags and security labels of a resource's `meta`. Two are the same by system and code, whatever they are
 * displayed as. They say who may see a resource, so they stay on it until somebody takes them off in so many words.
 * @see FHIR R4 Resource, meta; Resource operations, meta-add and meta-delete
 */
import type { Resource } from './resource.ts'

/** The members of `meta` that are labels. */
export type LabelKind = 'tag' | 'security'

export interface Label {
  readonly kind: LabelKind
  /** Empty for none, as the code is. */
  readonly system: string
  readonly code: string
}

/** Profiles, tags and security labels, as an operation takes them. */
export interface MetaItems {
  readonly profile?: readonly unknown[]
  readonly security?: readonly unknown[]
  readonly tag?: readonly unknown[]
}

const kinds: readonly LabelKind[] = ['tag', 'security']
const lists = ['profile', 'security', 'tag'] as const

/** The resource with the labels of what it replaces, those that it does not have itself. */
export function withLabelsOf(next: Resource, before: Resource): Resource {
  return kinds.reduce(
    (resource, kind) => withList(resource, kind, merged(listOf(before, kind), listOf(next, kind))),
    next,
  )
}

/** The resource with these items as well; none is there twice. */
export function withItems(resource: Resource, items: MetaItems): Resource {
  return lists.reduce(
    (made, name) => withList(made, name, merged(listOf(made, name), items[name] ?? [])),
    resource,
  )
}

/** The resource without these items; those that it does not have are passed over. */
export function withoutItems(resource: Resource, items: MetaItems): Resource {
  return lists.reduce((made, name) => {
    const keys = new Set((items[name] ?? []).map(keyOf))
    return withList(
      made,
      name,
      listOf(made, name).filter((one) => !keys.has(keyOf(one))),
    )
  }, resource)
}

/** The labels that `next` has and `before` has not: swapped, those that were taken off. */
export function labelsAdded(before: Resource, next: Resource): Label[] {
  return kinds.flatMap((kind) => {
    const known = new Set(listOf(before, kind).map(keyOf))
    return listOf(next, kind).flatMap((one) => (known.has(keyOf(one)) ? [] : labelOf(kind, one)))
  })
}

function merged(first: readonly unknown[], second: readonly unknown[]): unknown[] {
  const found = new Map(first.map((one) => [keyOf(one), one]))
  for (const one of second) found.set(keyOf(one), one)
  return [...found.values()]
}

function withList(resource: Resource, name: string, list: readonly unknown[]): Resource {
  const { [name]: had, ...rest } = resource.meta ?? {}
  if (list.length > 0) return { ...resource, meta: { ...resource.meta, [name]: list } }
  return had === undefined ? resource : { ...resource, meta: rest }
}

/** What is no list holds nothing here; that it is wrong is for the validator to say. */
function listOf({ meta }: Resource, name: string): readonly unknown[] {
  const list = meta?.[name]
  return Array.isArray(list) ? list : []
}

function labelOf(kind: LabelKind, coding: unknown): Label {
  const { system, code } = membersOf(coding)
  return {
    kind,
    system: typeof system === 'string' ? system : '',
    code: typeof code === 'string' ? code : '',
  }
}

function keyOf(one: unknown): string {
  const { system, code } = membersOf(one)
  return code === undefined ? JSON.stringify(one) : JSON.stringify([system ?? '', code])
}

function membersOf(value: unknown): { readonly system?: unknown; readonly code?: unknown } {
  return typeof value === 'object' && value !== null ? value : {}
}
