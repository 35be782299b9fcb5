import type { Resource } from '../../smart/resource.ts'
import { conceptText } from '../fhir/concept.ts'
import { newestFirst } from '../fhir/date.ts'
import { referenceText } from '../fhir/reference.ts'
import { objectOf, objectsOf, textOf } from '../fhir/shape.ts'

/** One encounter, or visit. */
export interface Encounter {
  readonly id: string
  readonly name?: string | undefined
  /** HL7 v3 ActCode of the class, such as `AMB`. */
  readonly kind?: string | undefined
  /** Code of the status, when it is not finished. */
  readonly status?: string | undefined
  readonly date?: string | undefined
  readonly end?: string | undefined
  readonly reason?: string | undefined
  readonly place?: string | undefined
  readonly clinician?: string | undefined
}

/** The encounters of Encounter resources, newest first; entered in error are left out. */
export function encountersFrom(resources: readonly Resource[]): Encounter[] {
  const rows = resources
    .filter(({ resourceType }) => resourceType === 'Encounter')
    .filter(({ status }) => status !== 'entered-in-error')
    .map(encounterFrom)
  return newestFirst(rows)
}

function encounterFrom(encounter: Resource): Encounter {
  const period = objectOf(encounter.period)
  const status = textOf(encounter.status)
  return {
    id: encounter.id ?? '',
    name: conceptText(objectsOf(encounter.type)[0]),
    kind: textOf(objectOf(encounter.class)?.code),
    status: status === 'finished' ? undefined : status,
    date: textOf(period?.start),
    end: textOf(period?.end),
    reason: firstText(objectsOf(encounter.reasonCode).map(conceptText)),
    place:
      firstText(objectsOf(encounter.location).map(({ location }) => referenceText(location))) ??
      referenceText(encounter.serviceProvider),
    clinician: firstText(objectsOf(encounter.participant).map(({ individual }) => referenceText(individual))),
  }
}

function firstText(texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined)
}
