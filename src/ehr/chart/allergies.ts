import type { Resource } from '../../smart/resource.ts'
import { conceptText, hasCode, statusCode } from '../fhir/concept.ts'
import { choiceDate } from '../fhir/date.ts'
import { objectsOf, textOf } from '../fhir/shape.ts'

/** One allergy or intolerance. */
export interface Allergy {
  readonly name?: string | undefined
  /** What it does, such as `Hives`. */
  readonly reactions: readonly string[]
  /** Code: mild, moderate, severe. */
  readonly severity?: string | undefined
  readonly high: boolean
  readonly active: boolean
  /** Code of the clinical status, when it is not active. */
  readonly status?: string | undefined
  readonly date?: string | undefined
}

const severities = ['severe', 'moderate', 'mild']

/** The allergies of AllergyIntolerance resources, the dangerous first; entered in error and refuted are left out. */
export function allergiesFrom(resources: readonly Resource[]): Allergy[] {
  return resources
    .filter(({ resourceType }) => resourceType === 'AllergyIntolerance')
    .filter(({ verificationStatus }) => !hasCode(verificationStatus, 'entered-in-error'))
    .filter(({ verificationStatus }) => !hasCode(verificationStatus, 'refuted'))
    .map(allergyFrom)
    .toSorted(byDanger)
}

function allergyFrom(allergy: Resource): Allergy {
  const reactions = objectsOf(allergy.reaction)
  const status = statusCode(allergy.clinicalStatus)
  return {
    name: conceptText(allergy.code) ?? reactions.map(({ substance }) => conceptText(substance)).find(Boolean),
    reactions: reactions
      .flatMap(({ manifestation }) => objectsOf(manifestation).map(conceptText))
      .filter((text) => text !== undefined),
    severity: severities.find((code) => reactions.some(({ severity }) => severity === code)),
    high: allergy.criticality === 'high',
    active: status === undefined || status === 'active',
    status: status === 'active' ? undefined : status,
    date: textOf(allergy.recordedDate) ?? choiceDate(allergy, 'onset'),
  }
}

function byDanger(a: Allergy, b: Allergy): number {
  return rank(a) - rank(b) || (a.name ?? '').localeCompare(b.name ?? '')
}

function rank({ active, high, severity }: Allergy): number {
  const weight = severities.indexOf(severity ?? '')
  return (active ? 0 : 100) + (high ? 0 : 10) + (weight < 0 ? severities.length : weight)
}
