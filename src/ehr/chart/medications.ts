import type { Resource } from '../../smart/resource.ts'
import { conceptText } from '../fhir/concept.ts'
import { newestFirst } from '../fhir/date.ts'
import { containedIn, referencedId, referenceText } from '../fhir/reference.ts'
import { type Members, textOf } from '../fhir/shape.ts'
import { dosageText } from './dosage.ts'

/** One prescribed medication. */
export interface Medication {
  readonly name?: string | undefined
  readonly dosage?: string | undefined
  readonly active: boolean
  /** Code of the status, when it is not active. */
  readonly status?: string | undefined
  readonly date?: string | undefined
  readonly prescriber?: string | undefined
}

/**
 * The medications of MedicationRequest resources (Medication resources among them give names): active first, newest first.
 * Entered in error and drafts are left out.
 */
export function medicationsFrom(resources: readonly Resource[], locale: string): Medication[] {
  const medications = new Map(
    resources.filter(({ resourceType }) => resourceType === 'Medication').map((each) => [each.id, each]),
  )
  const rows = resources
    .filter(({ resourceType }) => resourceType === 'MedicationRequest')
    .filter(({ status }) => status !== 'entered-in-error' && status !== 'draft')
    .map((request) => medicationFrom(request, nameOf(request, medications), locale))
  return [
    ...newestFirst(rows.filter(({ active }) => active)),
    ...newestFirst(rows.filter(({ active }) => !active)),
  ]
}

function medicationFrom(request: Resource, name: string | undefined, locale: string): Medication {
  const status = textOf(request.status)
  return {
    name,
    dosage: dosageText(request, locale),
    active: status === 'active' || status === 'on-hold',
    status: status === 'active' ? undefined : status,
    date: textOf(request.authoredOn),
    prescriber: referenceText(request.requester),
  }
}

function nameOf(
  request: Resource,
  medications: ReadonlyMap<string | undefined, Members>,
): string | undefined {
  const reference = request.medicationReference
  const id = referencedId(reference, 'Medication')
  const medication = containedIn(request, reference) ?? (id === undefined ? undefined : medications.get(id))
  return (
    conceptText(request.medicationCodeableConcept) ??
    conceptText(medication?.code) ??
    referenceText(reference)
  )
}
