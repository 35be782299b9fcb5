/**
 * What is written to a Binary: the resource as JSON, or content of any type as it is, with what it is judged by in
 * `X-Security-Context`. @see FHIR R4 Binary, serving and security
 */
import type { Resource } from '../smart/resource.ts'
import { checkIsFor, parseBody, parseJson } from './body.ts'
import { jsonNames } from './negotiate.ts'
import { FhirError } from './outcomes.ts'
import type { FhirRequest } from './request.ts'

/** The header that has the security context. */
export const contextHeaderName = 'x-security-context'

/** A type with parameters, as one header line may have it. */
const headerText =
  /^[!#$&^_.+a-z0-9-]{1,127}\/[!#$&^_.+a-z0-9-]{1,127}(?: ?; ?[\w-]{1,40}=(?:"[ !#-[\]-~]{0,200}"|[^\s";,]{1,200})){0,5}$/i
const longestReference = 1000

/** Reads the resource of a create (without `id`) or of an update, which may come as mere content. */
export function parseWritten(request: FhirRequest, type: string, id?: string): Resource {
  if (type !== 'Binary') return parseBody(request, type, id)
  const resource = parseBinary(request, id)
  checkIsFor(resource, type, id)
  return inContext(resource, request.headers[contextHeaderName])
}

function parseBinary(request: FhirRequest, id: string | undefined): Resource {
  const { body, bytes, contentType, headers } = request
  // An entry of a Bundle has no header of its own: it has a resource or nothing.
  const written = headers['content-type']?.trim()
  if (written === undefined) return parseBody(request, 'Binary', id)
  if (isXml(contentType) && /<(?:\w+:)?Binary[\s>]/.test(body.slice(0, 4096))) throw new FhirError('bodyType')
  if (jsonNames.has(contentType) && isBinary(parseJson(body))) return parseBody(request, 'Binary', id)
  if (!headerText.test(written)) throw new FhirError('bodyType', { text: 'The Content-Type is none.' })
  const data = Buffer.from(bytes ?? Buffer.from(body)).toString('base64')
  return {
    resourceType: 'Binary',
    ...(id !== undefined && { id }),
    contentType: written,
    ...(data !== '' && { data }),
  }
}

function isXml(contentType: string): boolean {
  return /^(?:application|text)\/(?:fhir\+)?xml(?:\+fhir)?$/.test(contentType)
}

function isBinary(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === 'Binary'
  )
}

/** A context in a header is never passed over: it is what the content is kept from others by. */
function inContext(resource: Resource, header: string | undefined): Resource {
  if (header === undefined) return resource
  const reference = header.trim()
  const { reference: own } = (resource.securityContext ?? {}) as { reference?: unknown }
  if (reference === '' || reference.length > longestReference || /[\s,]/.test(reference))
    throw new FhirError('contradiction', { text: 'X-Security-Context has to be one reference.' })
  if (own !== undefined && own !== reference)
    throw new FhirError('contradiction', {
      text: 'X-Security-Context is another context than that of the resource.',
      expression: 'Binary.securityContext',
    })
  return { ...resource, securityContext: { reference } }
}
