import type { Resource } from '../../smart/resource.ts'
import { codesOf } from '../fhir/concept.ts'
import { objectsOf } from '../fhir/shape.ts'

const restrictedCodes = new Set(['R', 'V'])

/** Whether a resource is labelled restricted or very restricted (HL7 v3 Confidentiality). */
export function isRestricted(resource: Resource): boolean {
  return objectsOf(resource.meta?.security).some((label) =>
    codesOf(label).some((code) => restrictedCodes.has(code)),
  )
}
