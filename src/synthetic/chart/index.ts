import type { Resource } from '../../smart/resource.ts'
import type { Life } from '../life.ts'
import { planVisits } from '../visits.ts'
import { allergyIntolerances } from './allergies.ts'
import { carePlans, careTeam } from './care.ts'
import { conditions } from './conditions.ts'
import { documents } from './documents.ts'
import { encounterResource } from './encounter.ts'
import { immunizations } from './immunizations.ts'
import { medicationRequests } from './medications.ts'
import { coverageResource, patientResource } from './patient.ts'
import { procedures } from './procedures.ts'
import { laboratoryResults } from './results.ts'
import { surveys } from './surveys.ts'
import { vitalSigns } from './vital-signs.ts'

/** What the chart of a life depends on besides the life itself. */
export interface ChartOptions {
  /** The RelatedPersons that are this same human being. */
  readonly seeAlso?: readonly string[]
  /** The nurse on the care team; without one there is a team only for who has lasting problems. */
  readonly nurse?: string
}

/** Writes the whole record of a life. */
export function writeChart(life: Life, options: ChartOptions = {}): Resource[] {
  const visits = planVisits(life)
  const followed = life.courses.some(
    (one) => one.problem.followUpMonths !== undefined && one.ended === undefined,
  )
  const team = options.nurse ?? (followed ? 'nurse-tran' : undefined)
  return [
    patientResource(life, options.seeAlso ?? []),
    coverageResource(life.person),
    ...(team === undefined ? [] : [careTeam(life, team)]),
    ...visits.map((visit) => encounterResource(life, visit)),
    ...conditions(life, visits),
    ...allergyIntolerances(life),
    ...medicationRequests(life, visits),
    ...immunizations(life, visits),
    ...visits.flatMap((visit) => [
      ...vitalSigns(life, visit),
      ...laboratoryResults(life, visit),
      ...surveys(life, visit),
    ]),
    ...procedures(life, visits),
    ...documents(life, visits),
    ...carePlans(life, team !== undefined),
  ]
}
