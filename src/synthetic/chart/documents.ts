import type { Resource } from '../../smart/resource.ts'
import { CLINIC } from '../clinic.ts'
import { concept, hl7, loinc, reference } from '../concepts.ts'
import { dateOf, instantOf } from '../days.ts'
import type { Life } from '../life.ts'
import { ageOn, courseOn } from '../life.ts'
import { MEDICINES } from '../medicines.ts'
import { labels } from '../sensitivity.ts'
import type { Visit } from '../visits.ts'
import type { Vitals } from '../vitals.ts'
import { measure } from '../vitals.ts'
import { reasonOf, sensitivityOf, startOf } from './encounter.ts'

const NOTE = concept(loinc('11506-3', 'Progress note'))
const DISCHARGE = concept(loinc('18842-5', 'Discharge summary'))
const CLINICAL_NOTE = [
  concept({
    system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category',
    code: 'clinical-note',
    display: 'Clinical Note',
  }),
]

/** Notes of some visits, each with the Provenance that says who wrote it. */
export function documents(life: Life, visits: readonly Visit[]): Resource[] {
  const random = life.random.fork('documents')
  return visits
    .filter(
      (one) =>
        random.chance(one.kind === 'follow-up' || one.kind === 'emergency' ? 0.3 : 0.08) ||
        one.kind === 'admission',
    )
    .flatMap((visit) => [documentReference(life, visit), provenance(life, visit)])
}

function documentReference(life: Life, visit: Visit): Resource {
  const text = noteOf(life, visit)
  const discharge = visit.kind === 'admission'
  return {
    resourceType: 'DocumentReference',
    id: `${visit.id}-note`,
    ...labels(sensitivityOf(visit)),
    status: 'current',
    docStatus: 'final',
    type: discharge ? DISCHARGE : NOTE,
    category: CLINICAL_NOTE,
    subject: reference('Patient', life.person.id),
    date: instantOf(visit.day, 19 * 60),
    author: [reference('Practitioner', visit.by.id, visit.by.name)],
    custodian: reference('Organization', CLINIC.organization),
    content: [
      {
        attachment: {
          contentType: 'text/plain; charset=utf-8',
          data: Buffer.from(text, 'utf8').toString('base64'),
          title: `${discharge ? 'Discharge summary' : 'Progress note'}, ${dateOf(visit.day)}`,
          creation: instantOf(visit.day, 19 * 60),
        },
        format: {
          system: 'http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode',
          code: 'urn:ihe:iti:xds:2017:mimeTypeSufficient',
        },
      },
    ],
    context: { encounter: [reference('Encounter', visit.id)], period: { start: startOf(visit) } },
  }
}

function noteOf(life: Life, visit: Visit): string {
  const { person } = life
  const age = Math.floor(ageOn(life, visit.day))
  const present = life.courses.filter((one) => courseOn(life, one.problem.key, visit.day))
  const open = present.filter((one) => one.problem.sensitivity === undefined || one === visit.course)
  const lines = [
    `${person.given[0]} ${person.family[0]}, ${age === 0 ? 'infant' : `${age} years`}, ${person.sex}`,
    `Seen ${dateOf(visit.day)} by ${visit.by.name}.`,
    `Reason: ${reasonOf(visit)?.text ?? 'routine visit'}.`,
    `Known problems: ${open.map((one) => one.problem.concept.text).join('; ') || 'none'}.`,
    `Findings: ${findings(measure(life, visit)) || 'unremarkable'}.`,
    `Plan: ${planOf(visit)}`,
  ]
  return `${lines.join('\n')}\n`
}

function findings(vitals: Vitals): string {
  const parts = [
    vitals.systolic === undefined ? '' : `blood pressure ${vitals.systolic}/${vitals.diastolic} mmHg`,
    vitals.weight === undefined ? '' : `weight ${vitals.weight} kg`,
    vitals.temperature === undefined ? '' : `temperature ${vitals.temperature} °C`,
    vitals.saturation === undefined ? '' : `oxygen saturation ${vitals.saturation} %`,
  ]
  return parts.filter((one) => one !== '').join(', ')
}

function planOf(visit: Visit): string {
  const key = visit.course?.problem.medicines[0] ?? visit.ailment?.medicine
  const treatment = key ? `${MEDICINES[key].directions}. ` : 'Rest and fluids where needed. '
  return `${treatment}Come back sooner if it gets worse.`
}

function provenance(life: Life, visit: Visit): Resource {
  return {
    resourceType: 'Provenance',
    id: `${visit.id}-note-provenance`,
    ...labels(sensitivityOf(visit)),
    target: [reference('DocumentReference', `${visit.id}-note`), reference('Patient', life.person.id)],
    recorded: instantOf(visit.day, 19 * 60),
    agent: [
      {
        type: concept(hl7('provenance-participant-type', 'author', 'Author')),
        who: reference('Practitioner', visit.by.id, visit.by.name),
        onBehalfOf: reference('Organization', CLINIC.organization),
      },
    ],
  }
}
