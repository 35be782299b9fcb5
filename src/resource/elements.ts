/**
 * Which members of a resource are sent: `_elements` and `_summary`. What is left out is marked, and members that change
 * the meaning of the rest always stay. The checks are over by then: they always see the whole resource.
 * @see FHIR R4 search, elements and summary
 */
import type { Resource } from '../smart/resource.ts'
import { summaryOf } from './definitions/summaries.ts'
import { carryTexts } from './exact-json.ts'

/** Whether a member of a resource is sent. */
export type Wanted = (member: string) => boolean

const always = new Set(['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension'])

const subsetted = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
} as const

/** What a request wants of each resource of a type; nothing when it wants all of it. */
export function elementsWanted(
  parameters: readonly (readonly [string, string])[],
  type: string,
): Wanted | undefined {
  if (parameters.length === 0) return undefined
  const summary = parameters.find(([name, value]) => name === '_summary' && value !== '')?.[1]
  if (summary === 'data') return (member) => member !== 'text'
  const { isMarked, isNeeded } = summaryOf(type)
  if (summary === 'true') return (member) => always.has(member) || isMarked(member) || isNeeded(member)
  if (summary === 'text') return (member) => always.has(member) || member === 'text' || isNeeded(member)
  const names = namedElements(parameters, type)
  if (names.size === 0) return undefined
  return (member) => always.has(member) || names.has(member.replace(/^_/, ''))
}

function namedElements(parameters: readonly (readonly [string, string])[], type: string): Set<string> {
  const names = parameters
    .filter(([name]) => name === '_elements')
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim().replace(new RegExp(`^${type}\\.`), ''))
  return new Set(names.filter((name) => /^[a-z]\w*$/.test(name)))
}

/** The wanted members, tagged as a subset. */
export function subset(resource: Resource, wanted: Wanted): Resource {
  const members = Object.entries(resource).filter(([member]) => wanted(member))
  const tags = Array.isArray(resource.meta?.tag) ? resource.meta.tag : []
  const meta = { ...resource.meta, tag: [...tags, subsetted] }
  // `meta` keeps its place near the top, also where the resource had none.
  const { resourceType, id, ...rest } = carryTexts(resource, Object.fromEntries(members) as Resource)
  return { resourceType, ...(id !== undefined && { id }), ...rest, meta }
}
