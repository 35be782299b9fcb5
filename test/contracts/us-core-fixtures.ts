/**
 * For each type that US Core has searches on: a resource, for each parameter a value that finds it and one that does
 * not, and the combinations that a US Core server answers.
 */
import { careTypes } from './us-core-care.ts'
import { recordTypes } from './us-core-records.ts'
import type { UsCoreType } from './us-core-values.ts'

export type { UsCoreType }

export const usCoreTypes: readonly UsCoreType[] = [...careTypes, ...recordTypes]

/** What US Core includes, and the reverse inclusion that it asks for of every patient-linked type. */
export const usCoreIncludes: readonly string[] = [
  'CareTeam:participant:PractitionerRole',
  'CareTeam:participant:Practitioner',
  'CareTeam:participant:Patient',
  'CareTeam:participant:RelatedPerson',
  'MedicationDispense:medication',
  'MedicationRequest:medication',
  'PractitionerRole:endpoint',
  'PractitionerRole:practitioner',
]
