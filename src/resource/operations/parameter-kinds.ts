/** The kinds of value that operations take as text, each with its one way to be read. @see FHIR R4 operations, parameter types */
import { isFhirId, parseReference } from '../../smart/ids.ts'
import { isResourceType } from '../../smart/interaction.ts'
import type { MetaItems } from '../../smart/labels.ts'
import { parseInstant } from '../search/values/instant.ts'

/** What an operation takes under a name. */
export interface ParameterDefinition {
  readonly name: string
  readonly kind: ParameterKind | 'resource'
  readonly required?: true
  /** Whether it may come more than once. */
  readonly repeats?: true
}

interface Kind {
  /** Said to whoever sends something else. */
  readonly expected: string
  readonly holds: (text: string) => boolean
}

const number = /^[1-9]\d{0,8}$/

/** By name, what is expected and whether a text is that. */
export const parameterKinds = {
  date: { expected: 'a date such as 2024-05 or 2024-05-01', holds: isTime },
  instant: { expected: 'an instant such as 2024-05-01T12:00:00Z', holds: isTime },
  number: { expected: 'a whole number from 1', holds: (text: string) => number.test(text) },
  boolean: { expected: 'true or false', holds: (text: string) => text === 'true' || text === 'false' },
  types: { expected: 'resource types of FHIR R4, parted by commas', holds: areTypes },
  patient: { expected: 'a patient, such as 123 or Patient/123', holds: isPatient },
  /** What a search parameter takes: the search says what is wrong with it. */
  search: { expected: 'a search value', holds: (text: string) => text !== '' },
  meta: {
    expected: 'a Meta with profiles, tags or security labels',
    holds: (text: string) => readMeta(text) !== undefined,
  },
  text: { expected: 'a text', holds: (text: string) => text !== '' },
} as const satisfies Readonly<Record<string, Kind>>

export type ParameterKind = keyof typeof parameterKinds

function isTime(text: string): boolean {
  return parseInstant(text) !== undefined
}

function areTypes(text: string): boolean {
  return text.split(',').every((type) => isResourceType(type.trim()))
}

function isPatient(text: string): boolean {
  if (isFhirId(text)) return true
  const reference = parseReference(text)
  return reference?.type === 'Patient' && reference.version === undefined
}

const metaMembers = { profile: 'string', security: 'object', tag: 'object' } as const

/** A value of kind `meta`: what of it are profiles, tags and security labels; nothing when it is no Meta, or has none. */
export function readMeta(text: string): MetaItems | undefined {
  const meta = parsed(text)
  if (typeof meta !== 'object' || meta === null) return undefined
  const items = Object.entries(metaMembers).flatMap(([name, kind]): [string, readonly unknown[]][] => {
    const list: unknown = Object.hasOwn(meta, name) ? meta[name as keyof typeof meta] : []
    const isList = Array.isArray(list) && list.every((one) => typeof one === kind && one !== null)
    return isList ? [[name, list]] : []
  })
  const isWhole = items.length === Object.keys(metaMembers).length
  return isWhole && items.some(([, list]) => list.length > 0) ? Object.fromEntries(items) : undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The id of a value of kind `patient`. */
export function patientIdOf(value: string): string {
  return value.startsWith('Patient/') ? value.slice('Patient/'.length) : value
}
