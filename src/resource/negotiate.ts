/**
 * Enforces that only JSON is asked for and sent: `_format` rules over `Accept`; XML is refused clearly (406, 415),
 * never answered with something else. @see FHIR R4 http, content types and encodings
 */
import type { Interaction } from '../smart/interaction.ts'
import { FhirError } from './outcomes.ts'
import type { FhirRequest } from './request.ts'

/** Media types of a resource in JSON, and the short name of the format. */
export const jsonNames: ReadonlySet<string> = new Set([
  'json',
  'application/json',
  'application/fhir+json',
  'text/json',
  'application/json+fhir',
])
const jsonRanges = new Set([...jsonNames, '*/*', 'application/*', 'text/*'])

/** Refuses a request that can only be answered in another format than JSON. A Binary can be anything. */
export function checkAccept(request: FhirRequest, parameters: URLSearchParams, asked: Interaction): void {
  const isBinary = (asked.kind === 'read' || asked.kind === 'vread') && asked.type === 'Binary'
  if (!isBinary && !acceptsJson(request, parameters)) throw new FhirError('unacceptable')
}

/** Whether JSON is an answer. */
export function acceptsJson(request: FhirRequest, parameters: URLSearchParams): boolean {
  const format = parameters.get('_format')
  // A plus sign in a query reads as a space unless it is encoded, and clients forget to.
  return format ? jsonNames.has(mediaType(format).replace(' ', '+')) : isAccepted(request.headers.accept)
}

/** Whether JSON is named as the format, not only among all there are. */
export function namesJson(request: FhirRequest, parameters: URLSearchParams): boolean {
  if (parameters.get('_format')) return acceptsJson(request, parameters)
  const ranges = (request.headers.accept ?? '').split(',')
  return ranges.some((range) => jsonNames.has(mediaType(range)) && !isRefused(range))
}

/** Whether a media type is one that the `Accept` header names. */
export function acceptsType({ headers }: FhirRequest, type: string): boolean {
  const wanted = type.toLowerCase()
  const ranges = [wanted, wanted.replace(/\/.*/, '/*'), '*/*']
  return (headers.accept ?? '')
    .split(',')
    .some((range) => ranges.includes(mediaType(range)) && !isRefused(range))
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
  if (!accept || jsonRanges.has(accept)) return true
  return accept.split(',').some((range) => jsonRanges.has(mediaType(range)) && !isRefused(range))
}

function mediaType(range: string): string {
  return (range.split(';', 1)[0] ?? '').trim().toLowerCase()
}

function isRefused(range: string): boolean {
  return /;\s*q=0(?:\.0*)?\s*(?:;|$)/i.test(range)
}
