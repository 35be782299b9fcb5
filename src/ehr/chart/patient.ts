import type { Resource } from '../../smart/resource.ts'
import { type Age, ageAt, personName, recordNumber } from '../fhir/person.ts'
import { textOf } from '../fhir/shape.ts'

/** A patient as lists and the banner show one. */
export interface PatientView {
  readonly id: string
  readonly name?: string | undefined
  /** FHIR administrative gender. */
  readonly gender?: string | undefined
  readonly birthDate?: string | undefined
  /** Today, or at death. */
  readonly age?: Age | undefined
  readonly recordNumber?: string | undefined
  readonly deceased: boolean
  readonly deceasedAt?: string | undefined
}

/** What a Patient resource says, however little; `now` in milliseconds. */
export function patientView(patient: Resource, now: number): PatientView {
  const birthDate = textOf(patient.birthDate)
  const deceasedAt = textOf(patient.deceasedDateTime)
  const until = deceasedAt === undefined ? now : Date.parse(deceasedAt)
  const deceased = deceasedAt !== undefined || patient.deceasedBoolean === true
  return {
    id: patient.id ?? '',
    name: personName(patient),
    gender: textOf(patient.gender),
    birthDate,
    // Of the dead without a date no age is told: it would go on growing.
    age: deceased && deceasedAt === undefined ? undefined : ageAt(birthDate, until),
    recordNumber: recordNumber(patient),
    deceased,
    deceasedAt,
  }
}
