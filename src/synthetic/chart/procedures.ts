import type { Resource } from '../../smart/resource.ts'
import { CLINIC } from '../clinic.ts'
import type { Concept } from '../concepts.ts'
import { concept, reference, snomed } from '../concepts.ts'
import { instantOf } from '../days.ts'
import type { Life } from '../life.ts'
import { ageOn } from '../life.ts'
import type { Visit } from '../visits.ts'
import { reasonOf } from './encounter.ts'

const COLONOSCOPY = concept(snomed('73761001', 'Colonoscopy'))
const MAMMOGRAPHY = concept(snomed('71651007', 'Mammography'))
const SPIROMETRY = concept(snomed('127783003', 'Spirometry'))
const ELECTROCARDIOGRAM = concept(snomed('29303009', 'Electrocardiographic procedure'))
const HEART: readonly (string | undefined)[] = ['coronary-disease', 'atrial-fibrillation', 'heart-failure']

/** What was done to a patient: for an ailment, for a problem's first visit, and for prevention. */
export function procedures(life: Life, visits: readonly Visit[]): Resource[] {
  const acute = visits.flatMap((visit) =>
    visit.ailment?.procedure ? [procedure(life, visit, visit.ailment.procedure)] : [],
  )
  const tests = visits.flatMap((visit) => testsAt(visit).map((what) => procedure(life, visit, what)))
  return [...acute, ...tests, ...prevention(life, visits)]
}

function testsAt(visit: Visit): Concept[] {
  const key = visit.course?.problem.key
  if (visit.course?.onset !== visit.day) return []
  if (key === 'asthma' || key === 'copd') return [SPIROMETRY]
  return HEART.includes(key) ? [ELECTROCARDIOGRAM] : []
}

function prevention(life: Life, visits: readonly Visit[]): Resource[] {
  const random = life.random.fork('prevention')
  const checks = visits.filter((one) => one.kind === 'check-up' && !one.unreleased)
  const first = (from: number, to: number) =>
    checks.find((one) => ageOn(life, one.day) >= from && ageOn(life, one.day) < to)
  const bowel = random.chance(0.5) ? first(50, 75) : undefined
  const breast = life.person.sex === 'female' && random.chance(0.7) ? first(45, 72) : undefined
  return [
    ...(bowel ? [procedure(life, bowel, COLONOSCOPY)] : []),
    ...(breast ? [procedure(life, breast, MAMMOGRAPHY)] : []),
  ]
}

function procedure(life: Life, visit: Visit, what: Concept): Resource {
  const reason = reasonOf(visit)
  const begin = Math.min(visit.minute + 5, 23 * 60)
  return {
    resourceType: 'Procedure',
    id: `${visit.id}-procedure-${what.coding?.[0]?.code}`,
    status: 'completed',
    code: what,
    subject: reference('Patient', life.person.id),
    encounter: reference('Encounter', visit.id),
    performedPeriod: { start: instantOf(visit.day, begin), end: instantOf(visit.day, begin + 20) },
    performer: [{ actor: reference('Practitioner', visit.by.id, visit.by.name) }],
    location: reference('Location', visit.kind === 'admission' ? CLINIC.ward : CLINIC.location),
    ...(reason ? { reasonCode: [reason] } : {}),
  }
}
