/** Reads a Parameters resource as names with their values as text, the way a URL would have them. @see FHIR R4 Parameters */
import type { Resource } from '../../smart/resource.ts'
import { escapeValue } from './escape-value.ts'
import { badParameter, type Item } from './item.ts'

type Members = Readonly<Record<string, unknown>>

/** The parameters of the resource, in order. Throws for what is no parameter with one value. */
export function itemsOf({ parameter = [] }: Resource): Item[] {
  if (!Array.isArray(parameter)) throw badParameter('Parameters.parameter', 'expected a list')
  return parameter.map((one: unknown, at) => {
    if (!isObject(one) || typeof one.name !== 'string' || one.name === '')
      throw badParameter(`Parameters.parameter[${at}]`, 'expected an object with a name')
    return { name: one.name, value: readValue(one, one.name) }
  })
}

function readValue(parameter: Members, name: string): string | Resource {
  const members = Object.keys(parameter).filter((member) => /^(?:value[A-Z]|resource$|part$)/.test(member))
  const [member = ''] = members
  if (members.length !== 1) throw badParameter(name, 'expected one value')
  const value = parameter[member]
  if (member === 'resource') {
    if (isResource(value)) return value
    throw badParameter(name, 'expected a resource')
  }
  // A Meta has no place in a URL: its own JSON is its text.
  const text = member === 'part' ? undefined : member === 'valueMeta' ? JSON.stringify(value) : textOf(value)
  if (text === undefined) throw badParameter(name, 'the value is of a type that is not taken here')
  return text
}

/** A value as a search parameter would have it; nothing for one that cannot be written so. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (!isObject(value)) return undefined
  if (typeof value.reference === 'string') return value.reference
  if (Array.isArray(value.coding)) return joined(value.coding.map(tokenOf))
  return tokenOf(value)
}

function joined(tokens: readonly (string | undefined)[]): string | undefined {
  return tokens.length > 0 && tokens.every((token) => token !== undefined) ? tokens.join(',') : undefined
}

/** A Coding as `system|code`. @see FHIR R4 search, escaping */
function tokenOf(coding: unknown): string | undefined {
  if (!isObject(coding) || typeof coding.code !== 'string') return undefined
  const code = escapeValue(coding.code)
  return typeof coding.system === 'string' ? `${escapeValue(coding.system)}|${code}` : code
}

function isResource(value: unknown): value is Resource {
  return isObject(value) && typeof value.resourceType === 'string'
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
