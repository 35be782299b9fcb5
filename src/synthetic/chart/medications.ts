import type { Resource } from '../../smart/resource.ts'
import type { Concept } from '../concepts.ts'
import { concept, hl7, quantity, reference, snomed } from '../concepts.ts'
import { dateOf, dayAtAge } from '../days.ts'
import type { Course, Life } from '../life.ts'
import type { Medicine, MedicineKey } from '../medicines.ts'
import { MEDICINES } from '../medicines.ts'
import type { Sensitivity } from '../sensitivity.ts'
import { labels } from '../sensitivity.ts'
import type { Visit } from '../visits.ts'
import { problemId } from './conditions.ts'
import { startOf } from './encounter.ts'

interface Order {
  readonly id: string
  readonly medicine: Medicine
  readonly status: 'active' | 'completed' | 'stopped'
  readonly authored: string
  readonly visit?: Visit | undefined
  readonly reason: Concept
  readonly problem?: string
  readonly sensitivity?: Sensitivity | undefined
}

const ROUTES: Readonly<Record<Medicine['route'], Concept>> = {
  oral: concept(snomed('26643006', 'Oral route')),
  inhaled: concept(snomed('447694001', 'Respiratory tract route')),
  topical: concept(snomed('6064005', 'Topical route')),
  subcutaneous: concept(snomed('34206005', 'Subcutaneous route')),
  intramuscular: concept(snomed('78421000', 'Intramuscular route')),
}
const COMMUNITY = [concept(hl7('medicationrequest-category', 'community', 'Community'))]
const OUTPATIENT = [concept(hl7('medicationrequest-category', 'outpatient', 'Outpatient'))]
/** A second medicine joins when the first has not been enough for so long. */
const STEP_UP_YEARS = 1.5

/** The orders for everything a patient takes and took. */
export function medicationRequests(life: Life, visits: readonly Visit[]): Resource[] {
  const lasting = life.courses.flatMap((course) => ordersOf(life, course, visits))
  const short = visits.flatMap((visit) => shortOrder(visit))
  return [...lasting, ...short].map((one) => medicationRequest(life, one))
}

function ordersOf(life: Life, course: Course, visits: readonly Visit[]): Order[] {
  const [first, second] = course.problem.medicines
  const orders = first ? renewed(life, course, first, course.onset, visits) : []
  const stepUp = dayAtAge(course.onset, STEP_UP_YEARS)
  const last = course.ended ?? life.until
  // Poor control is what calls for the second medicine.
  if (!second || course.control > 0.7 || stepUp >= last) return orders
  return [...orders, ...renewed(life, course, second, stepUp, visits)]
}

/** The first order, and where the medicine is still taken the latest renewal. */
function renewed(
  life: Life,
  course: Course,
  key: MedicineKey,
  from: number,
  visits: readonly Visit[],
): Order[] {
  const common = {
    medicine: MEDICINES[key],
    reason: course.problem.concept,
    problem: problemId(life, course),
    sensitivity: course.problem.sensitivity,
  }
  const about = visits.filter((one) => one.course === course && one.day >= from)
  const start = about.find((one) => one.day <= from + 30)
  const renewal = course.ended === undefined && life.person.died === undefined ? about.at(-1) : undefined
  const id = `${life.person.id}-rx-${course.problem.key}-${key.toLowerCase()}`
  const again = renewal && renewal !== start
  const over = course.ended !== undefined || life.person.died !== undefined
  const opening: Order = {
    ...common,
    id,
    status: over ? 'stopped' : again ? 'completed' : 'active',
    authored: start ? startOf(start) : dateOf(from),
    visit: start,
  }
  if (!again) return [opening]
  return [
    opening,
    { ...common, id: `${id}-renewed`, status: 'active', authored: startOf(renewal), visit: renewal },
  ]
}

function shortOrder(visit: Visit): Order[] {
  const key = visit.ailment?.medicine
  if (!visit.ailment || !key) return []
  const { concept: reason, sensitivity } = visit.ailment
  return [
    {
      id: `${visit.id}-rx`,
      medicine: MEDICINES[key],
      status: 'completed',
      authored: startOf(visit),
      visit,
      reason,
      sensitivity,
    },
  ]
}

function medicationRequest(life: Life, order: Order): Resource {
  const by = order.visit?.by ?? life.physician
  return {
    resourceType: 'MedicationRequest',
    id: order.id,
    ...labels(order.sensitivity),
    status: order.status,
    intent: 'order',
    category: order.medicine.days === undefined ? COMMUNITY : OUTPATIENT,
    medicationCodeableConcept: order.medicine.concept,
    subject: reference('Patient', life.person.id),
    ...(order.visit ? { encounter: reference('Encounter', order.visit.id) } : {}),
    authoredOn: order.authored,
    requester: reference('Practitioner', by.id, by.name),
    reasonCode: [order.reason],
    ...(order.problem ? { reasonReference: [reference('Condition', order.problem)] } : {}),
    dosageInstruction: [dosage(order.medicine)],
    dispenseRequest: dispense(order.medicine),
  }
}

function dosage(medicine: Medicine) {
  const [amount, unit] = medicine.dose
  return {
    text: medicine.directions,
    timing: { repeat: { frequency: medicine.perDay, period: 1, periodUnit: 'd' } },
    ...(medicine.asNeeded ? { asNeededBoolean: true } : {}),
    route: ROUTES[medicine.route],
    doseAndRate: [{ doseQuantity: quantity(amount, unit.replace(/[{}[\]]/g, ''), unit) }],
  }
}

function dispense(medicine: Medicine) {
  const days = medicine.days ?? 90
  return {
    numberOfRepeatsAllowed: medicine.days === undefined ? 3 : 0,
    expectedSupplyDuration: quantity(days, 'days', 'd'),
  }
}
