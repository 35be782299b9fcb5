/** Enforces the conditional headers that are supported and refuses those that are not: none is ever ignored on a write. */
import { FhirError } from './outcomes.ts'
import type { FhirRequest } from './request.ts'

const unsupportedOnCreate = ['if-none-exist', 'if-match', 'if-none-match', 'if-unmodified-since']
const unsupportedOnUpdate = ['if-none-exist', 'if-none-match', 'if-unmodified-since']

/** Refuses a conditional create: ignoring its condition would make a duplicate. @see FHIR R4 http, conditional create */
export function checkUnconditionalCreate(request: FhirRequest): void {
  refuseAny(request, unsupportedOnCreate)
}

/** The version that an update insists on, or nothing. @see FHIR R4 http, managing resource contention */
export function requiredVersion(request: FhirRequest): string | undefined {
  refuseAny(request, unsupportedOnUpdate)
  const header = request.headers['if-match']
  if (header === undefined) return undefined
  const [version, ...more] = versionsIn(header)
  if (version === undefined || more.length > 0 || version === '*')
    throw new FhirError('parameter', { text: 'If-Match has to name one version, such as W/"1".' })
  return version
}

/** Whether the reader says to have this version already. @see FHIR R4 http, conditional read */
export function isKnown(request: FhirRequest, version: string): boolean {
  const known = versionsIn(request.headers['if-none-match'] ?? '')
  return known.includes(version) || known.includes('*')
}

/** The ETag of a version. */
export function etag(version: string): string {
  return `W/"${version}"`
}

function versionsIn(header: string): string[] {
  return header
    .split(',')
    .map((tag) => tag.trim().replace(/^(?:W\/)?"(.*)"$/, '$1'))
    .filter((version) => version !== '')
}

function refuseAny(request: FhirRequest, names: readonly string[]): void {
  const found = names.find((name) => request.headers[name] !== undefined)
  if (found === undefined) return
  throw new FhirError('notBuilt', { text: `This server does not support the header ${found} here.` })
}
