import type { Resource } from '../../smart/resource.ts'
import { CLINIC } from '../clinic.ts'
import type { Concept } from '../concepts.ts'
import { concept, hl7, reference, snomed } from '../concepts.ts'
import { instantOf } from '../days.ts'
import type { Life } from '../life.ts'
import { labels } from '../sensitivity.ts'
import type { Visit } from '../visits.ts'

interface Manner {
  readonly class: readonly [code: string, display: string]
  readonly type: Concept
  readonly minutes: number
}

const AMBULATORY = ['AMB', 'ambulatory'] as const
const MANNERS: Readonly<Record<Visit['kind'], Manner>> = {
  'well-child': { class: AMBULATORY, type: concept(snomed('410620009', 'Well child visit')), minutes: 30 },
  'check-up': {
    class: AMBULATORY,
    type: concept(snomed('185349003', 'Encounter for check up')),
    minutes: 30,
  },
  'follow-up': { class: AMBULATORY, type: concept(snomed('390906007', 'Follow-up encounter')), minutes: 20 },
  ailment: { class: AMBULATORY, type: concept(snomed('185345009', 'Encounter for symptom')), minutes: 15 },
  emergency: {
    class: ['EMER', 'emergency'],
    type: concept(snomed('50849002', 'Emergency room admission')),
    minutes: 150,
  },
  admission: {
    class: ['IMP', 'inpatient encounter'],
    type: concept(snomed('183452005', 'Emergency hospital admission')),
    minutes: 300,
  },
}

/** The moment at which a visit begins, as a FHIR instant. */
export function startOf(visit: Visit): string {
  return instantOf(visit.day, visit.minute)
}

/** What the visit is about, if anything is the matter. */
export function reasonOf(visit: Visit): Concept | undefined {
  return visit.course?.problem.concept ?? visit.ailment?.concept
}

/** The sensitivity of what the visit is about. */
export function sensitivityOf(visit: Visit) {
  return visit.course?.problem.sensitivity ?? visit.ailment?.sensitivity
}

/** The Encounter of a visit. */
export function encounterResource(life: Life, visit: Visit): Resource {
  const manner = MANNERS[visit.kind]
  const reason = reasonOf(visit)
  const place = visit.kind === 'admission' ? CLINIC.ward : CLINIC.location
  return {
    resourceType: 'Encounter',
    id: visit.id,
    ...labels(sensitivityOf(visit)),
    status: 'finished',
    class: hl7('v3-ActCode', ...manner.class),
    type: [manner.type],
    subject: reference('Patient', life.person.id),
    participant: [
      {
        type: [concept(hl7('v3-ParticipationType', 'PPRF', 'primary performer'))],
        individual: reference('Practitioner', visit.by.id, visit.by.name),
      },
    ],
    period: { start: startOf(visit), end: endOf(life, visit, manner) },
    ...(reason ? { reasonCode: [reason] } : {}),
    ...(visit.kind === 'admission'
      ? { hospitalization: { dischargeDisposition: concept(hl7('discharge-disposition', 'home', 'Home')) } }
      : {}),
    location: [{ location: reference('Location', place) }],
    serviceProvider: reference('Organization', CLINIC.organization),
  }
}

/** Admissions last some days, though never beyond the record; everything else ends the same day. */
function endOf(life: Life, visit: Visit, manner: Manner): string {
  if (visit.kind !== 'admission')
    return instantOf(visit.day, Math.min(visit.minute + manner.minutes, 23 * 60 + 59))
  const discharged = visit.day + 3
  return discharged < life.until ? instantOf(discharged, 11 * 60) : instantOf(visit.day, 23 * 60 + 59)
}
