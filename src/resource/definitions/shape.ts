/**
 * Is each member the kind of JSON value that its type asks for: an object, or a plain value?
 * (https://hl7.org/fhir/R4/json.html) The validator takes this for granted.
 */
import type { InternalTypeSchema } from '@medplum/core'
import { medplum } from './medplum.ts'

export interface Misshapen {
  readonly expression: string
  readonly expected: 'an object' | 'a plain value'
}

/** The first members, depth first, whose JSON kind is not that of their type; unknown members are passed over. */
export function misshapen(value: object, type: string, path = type): Misshapen[] {
  const schema = medplum().tryGetDataType(type)
  if (!schema) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const memberType = typeOfMember(schema, name)
    if (!memberType) return []
    const items: unknown[] = Array.isArray(member) ? member : [member]
    return items.flatMap((item) => misshapenItem(item, memberType, `${path}.${name}`))
  })
}

function misshapenItem(item: unknown, type: string, expression: string): Misshapen[] {
  // Arrays of plain values hold null where only an extension stands; the validator knows when that is allowed.
  if (item === null) return []
  const isObject = typeof item === 'object' && !Array.isArray(item)
  if (isPrimitive(type)) return typeof item === 'object' ? [{ expression, expected: 'a plain value' }] : []
  if (!isObject) return [{ expression, expected: 'an object' }]
  if (type !== 'Resource') return misshapen(item as object, type, expression)
  const own = (item as { resourceType?: unknown }).resourceType
  if (own === undefined) return []
  return typeof own === 'string'
    ? misshapen(item as object, own, expression)
    : [{ expression: `${expression}.resourceType`, expected: 'a plain value' }]
}

/** Plain types are written small: `date`, `http://hl7.org/fhirpath/System.String`. */
function isPrimitive(type: string): boolean {
  return /^[a-z]/.test(type)
}

function typeOfMember(schema: InternalTypeSchema, name: string): string | undefined {
  if (Object.hasOwn(schema.elements, name)) return schema.elements[name]?.type[0]?.code
  if (name.startsWith('_')) return 'Element'
  for (const [element, { type }] of Object.entries(schema.elements)) {
    if (!element.endsWith('[x]') || !name.startsWith(element.slice(0, -3))) continue
    const suffix = name.slice(element.length - 3)
    const found = type.find(({ code }) => code.charAt(0).toUpperCase() + code.slice(1) === suffix)
    if (found) return found.code
  }
  return undefined
}
