import type { Resource } from '../../smart/resource.ts'
import { CLINIC } from '../clinic.ts'
import { concept, hl7, quantity, reference } from '../concepts.ts'
import { dateOf, yearOf } from '../days.ts'
import type { Dose, VaccineKey } from '../immunisation-schedule.ts'
import { CHILDHOOD, doseOf } from '../immunisation-schedule.ts'
import type { Life } from '../life.ts'
import { ageOn } from '../life.ts'
import type { Random } from '../random.ts'
import type { Visit } from '../visits.ts'
import { startOf } from './encounter.ts'

type Given = readonly [VaccineKey, number]

/** The immunisations given at the visits of a life. */
export function immunizations(life: Life, visits: readonly Visit[]): Resource[] {
  const random = life.random.fork('immunisations')
  const done = new Set<string>()
  return visits.flatMap((visit) => {
    const due = dueAt(life, visit, done, random)
    for (const one of due) done.add(markOf(visit, one))
    return due.map(([key, number]) => immunization(life, visit, key, doseOf(key, number), random))
  })
}

/** Influenza comes back every year; every other dose is given once. */
function markOf(visit: Visit, [key, number]: Given): string {
  return key === 'influenza' ? `${key} ${yearOf(visit.day)}` : `${key} ${number}`
}

function dueAt(life: Life, visit: Visit, done: ReadonlySet<string>, random: Random): Given[] {
  const age = ageOn(life, visit.day)
  const routine = visit.kind === 'well-child' || visit.kind === 'check-up'
  if (!routine || visit.unreleased) return []
  const doses: Given[] = visit.kind === 'well-child' ? childhood(age) : adulthood(age, random)
  if (autumn(visit) && age > 0.5 && random.chance(age > 60 || age < 7 ? 0.75 : 0.45))
    doses.push(['influenza', 1])
  return doses.filter((one) => !done.has(markOf(visit, one)))
}

function childhood(age: number): Given[] {
  // Each visit is the one of its age in the schedule, with the delay that appointments have.
  const slot = CHILDHOOD.find(
    ([months]) => age * 12 >= months - 0.2 && age * 12 < months + (months < 24 ? 0.9 : 10),
  )
  return [...(slot?.[1] ?? [])]
}

function adulthood(age: number, random: Random): Given[] {
  const doses: Given[] = []
  if (random.chance(0.25)) doses.push(['tetanus', 1])
  if (age >= 50 && random.chance(0.4)) doses.push(['zoster', 1])
  if (age >= 65 && random.chance(0.5)) doses.push(['ppv', 1])
  return doses
}

function autumn(visit: Visit): boolean {
  return ['09', '10', '11', '12', '01'].includes(dateOf(visit.day).slice(5, 7))
}

function immunization(life: Life, visit: Visit, key: VaccineKey, dose: Dose, random: Random): Resource {
  return {
    resourceType: 'Immunization',
    id: `${visit.id}-imm-${key.toLowerCase()}-${dose.number}`,
    status: 'completed',
    vaccineCode: dose.vaccine,
    patient: reference('Patient', life.person.id),
    encounter: reference('Encounter', visit.id),
    occurrenceDateTime: startOf(visit),
    primarySource: true,
    location: reference('Location', CLINIC.location),
    lotNumber: `LB${random.int(10000, 99999)}`,
    site: concept(
      random.chance(0.5) ? hl7('v3-ActSite', 'LA', 'left arm') : hl7('v3-ActSite', 'RA', 'right arm'),
    ),
    doseQuantity: quantity(0.5, 'mL'),
    performer: [{ actor: reference('Practitioner', 'nurse-tran') }],
    protocolApplied: [{ targetDisease: [{ text: dose.target }], doseNumberPositiveInt: dose.number }],
  }
}
