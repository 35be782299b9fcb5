import type { Resource } from '../../smart/resource.ts'
import { conceptText } from '../fhir/concept.ts'
import { newestFirst } from '../fhir/date.ts'
import { referenceText } from '../fhir/reference.ts'
import { textOf } from '../fhir/shape.ts'

/** One vaccination, given or not. */
export interface Immunization {
  readonly name?: string | undefined
  readonly date?: string | undefined
  /** Said in words where the record has no date. */
  readonly dateText?: string | undefined
  readonly given: boolean
  /** Why it was not given. */
  readonly reason?: string | undefined
  readonly place?: string | undefined
}

/** The vaccinations of Immunization resources, newest first; entered in error are left out. */
export function immunizationsFrom(resources: readonly Resource[]): Immunization[] {
  const rows = resources
    .filter(({ resourceType }) => resourceType === 'Immunization')
    .filter(({ status }) => status !== 'entered-in-error')
    .map((immunization) => ({
      name: conceptText(immunization.vaccineCode),
      date: textOf(immunization.occurrenceDateTime) ?? textOf(immunization.recorded),
      dateText: textOf(immunization.occurrenceString),
      given: immunization.status !== 'not-done',
      reason: conceptText(immunization.statusReason),
      place: referenceText(immunization.location),
    }))
  return newestFirst(rows)
}
