/**
 * Enforces that only JSON is asked for and sent: `_format` rules over `Accept`; XML is refused clearly (406, 415),
 * never answered with something else. @see FHIR R4 http, content types and encodings
 */
import { FhirError } from './outcomes.ts'
import type { FhirRequest } from './request.ts'

const jsonNames = new Set([
  'json',
  'application/json',
  'application/fhir+json',
  'text/json',
  'application/json+fhir',
])
const jsonRanges = new Set([...jsonNames, '*/*', 'application/*', 'text/*'])

/** Refuses a request that can only be answered in another format than JSON. */
export function checkAccept(request: FhirRequest, parameters: URLSearchParams): void {
  const format = parameters.get('_format')
  // A plus sign in a query reads as a space unless it is encoded, and clients forget to.
  const acceptable = format
    ? jsonNames.has(mediaType(format).replace(' ', '+'))
    : isAccepted(request.headers.accept)
  if (!acceptable) throw new FhirError('unacceptable')
}

/** Refuses a resource sent as anything but JSON. */
export function checkBodyType(request: FhirRequest): void {
  if (!jsonNames.has(request.contentType)) throw new FhirError('bodyType')
}

/** Refuses a POST search whose parameters are not a form: read as anything else they would be dropped in silence. */
export function checkFormType(request: FhirRequest): void {
  if (request.contentType === 'application/x-www-form-urlencoded') return
  if (request.contentType !== '' || request.body !== '') throw new FhirError('formType')
}

function isAccepted(accept: string | undefined): boolean {
  if (!accept) return true
  return accept.split(',').some((range) => jsonRanges.has(mediaType(range)) && !isRefused(range))
}

function mediaType(range: string): string {
  return (range.split(';', 1)[0] ?? '').trim().toLowerCase()
}

function isRefused(range: string): boolean {
  return /;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(range)
}
