/**
 * Enforces that a reference to a resource of this server is stored in one form only, the relative one: whose record a
 * resource is part of must not depend on how its reference was spelled. @see FHIR R4 references, literal references
 */
import { parseReference } from '../smart/ids.ts'
import type { Resource } from '../smart/resource.ts'
import { carryTexts } from './exact-json.ts'

/** The resource with every absolute reference below `base` made relative; the same value when there is none. */
export function withRelativeReferences(resource: Resource, base: string): Resource {
  return walk(resource, new URL(`${base}/`)) as Resource
}

function walk(value: unknown, base: URL): unknown {
  if (Array.isArray(value)) return walkList(value, base)
  return typeof value === 'object' && value !== null ? walkMembers(value, base) : value
}

function walkList(list: readonly unknown[], base: URL): readonly unknown[] {
  const walked = list.map((item) => walk(item, base))
  return walked.some((item, at) => item !== list[at]) ? carryTexts(list, walked) : list
}

function walkMembers(value: object, base: URL): object {
  let changed = false
  const members = Object.entries(value).map(([name, member]) => {
    const walked =
      name === 'reference' && typeof member === 'string' ? relative(member, base) : walk(member, base)
    changed ||= walked !== member
    return [name, walked] as const
  })
  return changed ? carryTexts(value, Object.fromEntries(members)) : value
}

function relative(reference: string, base: URL): string {
  // Only an absolute address can be ours; URL also settles case of the host, default ports and dot segments.
  if (!/^https?:/i.test(reference) || !URL.canParse(reference)) return reference
  const { protocol, host, pathname } = new URL(reference)
  if (protocol !== base.protocol || host !== base.host || !pathname.startsWith(base.pathname))
    return reference
  const rest = pathname.slice(base.pathname.length)
  return parseReference(rest) ? rest : reference
}
