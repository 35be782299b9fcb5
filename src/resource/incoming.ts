/**
 * Makes of a written body the resource as it will be stored, and enforces that it is valid R4 (422 names the elements).
 * It is this resource that is judged: id, version and own references in their final form. @see FHIR R4 http, create
 */
import type { Resource } from '../smart/resource.ts'
import { validate } from './definitions/validate.ts'
import { FhirError } from './outcomes.ts'
import { withRelativeReferences } from './references.ts'

/** The resource as it will be stored under `id` and `version`. */
export function asStored(
  body: Resource,
  place: { readonly id: string; readonly version: string; readonly base: string; readonly now: number },
): Resource {
  const { resourceType, id: _own, meta, ...rest } = withRelativeReferences(body, place.base)
  const lastUpdated = new Date(place.now).toISOString()
  return { resourceType, id: place.id, meta: { ...meta, versionId: place.version, lastUpdated }, ...rest }
}

/** Nobody reads more; the same mistake may stand in every element of a long list. */
const mostIssues = 100

/** Refuses a resource that breaks the structure of its type. */
export function checkValid(resource: Resource): void {
  const issues = validate(resource).slice(0, mostIssues)
  if (issues.length > 0) throw new FhirError('invalid', { issues, detail: 'invalid' })
}
