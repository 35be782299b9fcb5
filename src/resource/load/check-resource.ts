/**
 * Refuses what is no FHIR resource at all. Real data has quirks that must be kept, so nothing more is asked: a known type, an id of the
 * right shape, and a depth that a program can walk (https://hl7.org/fhir/R4/resource.html).
 */
import { resourceTypes } from '../../smart/compartment.r4.ts'
import { keptTag } from '../../smart/read-only.ts'
import type { Resource } from '../../smart/resource.ts'
import { LoadRefused, type Place } from './refusal.ts'

const KNOWN: ReadonlySet<string> = new Set(resourceTypes)
const ID = /^[A-Za-z0-9\-.]{1,64}$/
const DEPTH_LIMIT = 100

/** Whether R4 has a resource type of this name. */
export function isResourceType(name: string): boolean {
  return KNOWN.has(name)
}

/** Whether a text can be the id of a resource. */
export function isId(text: string): boolean {
  return ID.test(text)
}

/** The value as a resource; throws LoadRefused. */
export function checkResource(value: unknown, place: Place): Resource {
  if (!isObject(value)) throw new LoadRefused('not FHIR: a resource is a JSON object', place)
  const { resourceType, id } = value
  if (typeof resourceType !== 'string') throw new LoadRefused('not FHIR: resourceType is missing', place)
  if (!isResourceType(resourceType))
    throw new LoadRefused(`R4 has no resource type ${cut(resourceType)}`, place)
  if (id !== undefined && (typeof id !== 'string' || !isId(id))) {
    throw new LoadRefused(
      `${cut(typeof id === 'string' ? id : JSON.stringify(id))} is no id: letters, digits, - and ., at most 64`,
      place,
    )
  }
  if (value.meta !== undefined && !isObject(value.meta)) throw new LoadRefused('meta is no object', place)
  if (bearsMark(value.meta))
    throw new LoadRefused(
      `the tag ${keptTag.system} is this server’s own: decisions about apps are made here, not loaded`,
      place,
    )
  checkDepth(value, place, 1)
  return value as unknown as Resource
}

/** Whether any tag is of the server's own system: asked more widely than a search would. */
function bearsMark(meta: unknown): boolean {
  const { tag } = (meta ?? {}) as { tag?: unknown }
  return [tag].flat().some((one) => isObject(one) && isMark(one.system))
}

function isMark(system: unknown): boolean {
  return [system].flat().some((one) => typeof one === 'string' && one.trim().toLowerCase() === keptTag.system)
}

/** Whether a JSON value is an object, not a list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function checkDepth(value: object, place: Place, depth: number): void {
  if (depth > DEPTH_LIMIT) throw new LoadRefused(`nested deeper than ${DEPTH_LIMIT} levels`, place)
  // By its numbers an array is gone through several times as fast as by the names of its members.
  if (Array.isArray(value)) for (const member of value) checkMember(member, place, depth)
  else for (const name in value) checkMember((value as Record<string, unknown>)[name], place, depth)
}

function checkMember(member: unknown, place: Place, depth: number): void {
  if (typeof member === 'object' && member !== null) checkDepth(member, place, depth + 1)
}

/** Other people's text in a sentence of ours: not endless. */
function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
