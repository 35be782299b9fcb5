/**
 * Enforces that a written body is one JSON resource of the type, and for an update of the id, that the address names:
 * a body that contradicts its address is refused (400), not corrected. @see FHIR R4 http, create and update
 */
import type { Resource } from '../smart/resource.ts'
import { parseExact, writeExact } from './exact-json.ts'
import { checkBodyType } from './negotiate.ts'
import { FhirError } from './outcomes.ts'
import type { FhirRequest } from './request.ts'

/** Deeper than any resource; shallow enough for every recursive walk. */
const deepest = 64
/** Each is validated and may be indexed; more belongs into several resources, or into an attachment. */
const mostElements = 100_000
/** Those of all entries of a batch or transaction, each of which is held to the limit of one. */
const mostElementsOfAll = 2_000_000

/** Reads the resource of a create (without `id`) or of an update. */
export function parseBody(request: FhirRequest, type: string, id?: string): Resource {
  const resource = parseAnyBody(request)
  checkIsFor(resource, type, id)
  return resource
}

/** Reads a resource of whatever type the body says. */
export function parseAnyBody(request: FhirRequest): Resource {
  checkBodyType(request)
  return parseResource(request.body)
}

/** Refuses a resource that is not what the address says. */
export function checkIsFor(resource: Resource, type: string, id?: string): void {
  if (resource.resourceType !== type)
    throw contradiction(`The address takes ${type}, the body is another type.`, 'resourceType')
  if (id !== undefined && resource.id !== id)
    throw contradiction(`The resource has to have the id of the address: ${id}.`, `${type}.id`)
}

/** Refuses what a patch made of a resource when it is no such resource any more, or is larger than one may be. */
export function checkPatched(value: unknown, type: string, id: string): Resource {
  const resource = checkResource(value)
  checkShape(writeExact(resource))
  if (resource.resourceType !== type || resource.id !== id)
    throw new FhirError('unpatched', { text: 'A patch cannot change the type or the id of a resource.' })
  return resource
}

/** Reads Parameters, which no address names. */
export function parseParameters(body: string): Resource {
  const parameters = parseResource(body)
  if (parameters.resourceType === 'Parameters') return parameters
  throw contradiction('A FHIRPath Patch is a Parameters resource.', 'resourceType')
}

/** Refuses what is too large or too deep to be a batch or transaction, before anything is made of it. */
export function checkWrapper(body: string): void {
  checkShape(body, mostElementsOfAll)
}

/** Reads a batch or transaction. */
export function parseWrapper(body: string): Resource {
  return parseResource(body, mostElementsOfAll)
}

function contradiction(text: string, expression: string): FhirError {
  return new FhirError('contradiction', { text, expression })
}

function parseResource(text: string, most = mostElements): Resource {
  return checkResource(parseJson(text, most))
}

function checkResource(value: unknown): Resource {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new FhirError('malformed')
  if (!('resourceType' in value) || typeof value.resourceType !== 'string')
    throw new FhirError('malformed', { text: 'The body has no resourceType.', expression: 'resourceType' })
  return value as Resource
}

/** Reads JSON of a bounded size and depth. */
export function parseJson(text: string, most = mostElements): unknown {
  if (text.trim() === '') throw new FhirError('malformed', { text: 'The body is empty.' })
  checkShape(text, most)
  try {
    return parseExact(text)
  } catch (error) {
    throw new FhirError('malformed', { text: `The body is not JSON: ${problemOf(error)}` })
  }
}

/** The engine's message without the piece of the body that it quotes: that may be anybody's health data. */
function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const position = /at position \d+(?: \(line \d+ column \d+\))?/.exec(message)
  if (position) return `a problem ${position[0]}.`
  return message.startsWith('Unexpected end')
    ? 'it ends too early.'
    : 'an unexpected character near its beginning.'
}

/** Depth and number of elements, counted before anything is made of the text. */
function checkShape(text: string, most = mostElements): void {
  let depth = 0
  let elements = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quoted) {
      if (code === backslash) at++
      else if (code === quote) quoted = false
    } else if (code === quote) quoted = true
    else if (code === openBrace || code === openBracket) depth++
    else if (code === closeBrace || code === closeBracket) depth--
    else if (code === comma) elements++
    if (elements >= most)
      throw new FhirError('malformed', { text: `The body has more than ${most} elements.` })
    if (depth > deepest)
      throw new FhirError('malformed', { text: `The body is nested more than ${deepest} deep.` })
  }
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket, comma] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c,
]
