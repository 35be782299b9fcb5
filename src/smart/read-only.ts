/** What a server writes by itself and nobody through the API, whatever they may do: whole types, and what bears its mark. */
import type { Resource } from './resource.ts'
import type { Letter } from './scope.ts'
import { belongs, type Matches, type Slice } from './slice.ts'

/** The audit trail: whoever could write it could hide what they did. */
export const readOnlyTypes: readonly string[] = ['AuditEvent']

/** All that nobody may write, as slices. */
export const readOnlySlices: readonly Slice[] = readOnlyTypes.map((type) => ({
  type,
  compartments: [],
  filter: [],
}))

/** The tag of resources that the server keeps by itself: what people decided about apps, as Consents. */
export const keptTag = { system: 'urn:chartkey:kept', code: 'app-decision' } as const

/** The mark as a search writes it. */
export const keptToken = `${keptTag.system}|${keptTag.code}`

const kept: Slice = { type: '*', compartments: [], filter: [{ parameter: '_tag', value: keptToken }] }

/** Whether a resource bears the server's own mark, or it cannot be told: asked as a search would. */
export function isKept(resource: Resource, matches: Matches): boolean {
  return belongs(resource, kept, matches) !== false
}

/** Whether a letter on a type is a write that nobody has. */
export function isUnwritable(type: string, letter: Letter): boolean {
  return writes(letter) && readOnlyTypes.includes(type)
}

/** Whether a letter stands for a change. */
export function writes(letter: Letter): boolean {
  return letter === 'c' || letter === 'u' || letter === 'd'
}
