import type { Resource } from '../../smart/resource.ts'
import type { Concept } from '../concepts.ts'
import { concept, hl7, reference } from '../concepts.ts'
import type { Day } from '../days.ts'
import { dateOf } from '../days.ts'
import type { Course, Life } from '../life.ts'
import type { Sensitivity } from '../sensitivity.ts'
import { labels } from '../sensitivity.ts'
import type { Visit } from '../visits.ts'

interface Finding {
  readonly id: string
  readonly concept: Concept
  readonly category: 'problem-list-item' | 'encounter-diagnosis'
  readonly onset: Day
  readonly ended?: Day | undefined
  readonly visit?: Visit | undefined
  readonly sensitivity?: Sensitivity | undefined
}

const CATEGORY = {
  'problem-list-item': concept(hl7('condition-category', 'problem-list-item', 'Problem List Item')),
  'encounter-diagnosis': concept(hl7('condition-category', 'encounter-diagnosis', 'Encounter Diagnosis')),
}
const ACTIVE = concept(hl7('condition-clinical', 'active', 'Active'))
const RESOLVED = concept(hl7('condition-clinical', 'resolved', 'Resolved'))
const CONFIRMED = concept(hl7('condition-ver-status', 'confirmed', 'Confirmed'))

/** The id of the Condition of a lasting problem. */
export function problemId(life: Life, course: Course): string {
  return `${life.person.id}-problem-${course.problem.key}`
}

/** The lasting problems of a patient, and the short illnesses of their visits. */
export function conditions(life: Life, visits: readonly Visit[]): Resource[] {
  const lasting = life.courses.map((course) => {
    const { concept: what, sensitivity } = course.problem
    const visit = visits.find((one) => one.course === course && one.day === course.onset)
    return condition(life, {
      id: problemId(life, course),
      concept: what,
      category: 'problem-list-item',
      onset: course.onset,
      ended: course.ended,
      visit,
      sensitivity,
    })
  })
  const short = visits.flatMap((visit) => (visit.ailment ? [ailmentCondition(life, visit)] : []))
  return [...lasting, ...short]
}

function ailmentCondition(life: Life, visit: Visit): Resource {
  const { ailment } = visit
  if (!ailment) throw new TypeError('the visit is about no ailment')
  const [least, most] = ailment.days
  const ended = visit.day + life.random.fork(`ailment ${visit.id}`).int(least, most)
  return condition(life, {
    id: `${visit.id}-diagnosis`,
    concept: ailment.concept,
    category: 'encounter-diagnosis',
    onset: visit.day,
    ended: ended < life.until ? ended : undefined,
    visit,
    sensitivity: ailment.sensitivity,
  })
}

function condition(life: Life, one: Finding): Resource {
  return {
    resourceType: 'Condition',
    id: one.id,
    ...labels(one.sensitivity),
    clinicalStatus: one.ended === undefined ? ACTIVE : RESOLVED,
    verificationStatus: CONFIRMED,
    category: [CATEGORY[one.category]],
    code: one.concept,
    subject: reference('Patient', life.person.id),
    ...(one.visit ? { encounter: reference('Encounter', one.visit.id) } : {}),
    onsetDateTime: dateOf(one.onset),
    ...(one.ended === undefined ? {} : { abatementDateTime: dateOf(one.ended) }),
    recordedDate: dateOf(one.onset),
    recorder: one.visit
      ? reference('Practitioner', one.visit.by.id, one.visit.by.name)
      : reference('Practitioner', life.physician.id, life.physician.name),
  }
}
