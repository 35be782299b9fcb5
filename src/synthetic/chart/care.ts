import type { Resource } from '../../smart/resource.ts'
import { CLINIC, clinician } from '../clinic.ts'
import { concept, hl7, loinc, quantity, reference, snomed } from '../concepts.ts'
import { dateOf } from '../days.ts'
import type { Course, Life } from '../life.ts'
import { problemId } from './conditions.ts'

const ASSESS_PLAN = concept({
  system: 'http://hl7.org/fhir/us/core/CodeSystem/careplan-category',
  code: 'assess-plan',
  display: 'Assessment and Plan of Treatment',
})
const ROLES = {
  lead: concept(snomed('446050000', 'Primary care physician')),
  nurse: concept(snomed('224535009', 'Registered nurse')),
  patient: concept(snomed('116154003', 'Patient')),
}

/** The care team of somebody with lasting problems. `nurse` is the id of the nurse who manages the case. */
export function careTeam(life: Life, nurse: string): Resource {
  const { person, physician } = life
  const member = (role: keyof typeof ROLES, type: string, id: string, name: string) => ({
    role: [ROLES[role]],
    member: reference(type, id, name),
  })
  return {
    resourceType: 'CareTeam',
    id: `${person.id}-team`,
    status: person.died === undefined ? 'active' : 'inactive',
    name: `Care team of ${person.given[0]} ${person.family[0]}`,
    subject: reference('Patient', person.id),
    period: { start: dateOf(Math.max(person.birth, life.until - 700)) },
    participant: [
      member('lead', 'Practitioner', physician.id, physician.name),
      member('nurse', 'Practitioner', nurse, clinician(nurse).name),
      member('patient', 'Patient', person.id, `${person.given[0]} ${person.family[0]}`),
    ],
    managingOrganization: [reference('Organization', CLINIC.organization)],
  }
}

interface Aim {
  readonly title: string
  readonly aim: string
  readonly activities: readonly string[]
  readonly target?: { readonly measure: ReturnType<typeof concept>; readonly detail: Record<string, unknown> }
}

const AIMS: Readonly<Record<string, Aim>> = {
  diabetes: {
    title: 'Diabetes self-management',
    aim: 'HbA1c below 7 %',
    activities: [
      'Home glucose checks twice a week',
      'Dietary counselling',
      'Foot and eye examination every year',
    ],
    target: {
      measure: concept(loinc('4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood')),
      detail: { detailQuantity: { ...quantity(7, '%'), comparator: '<' } },
    },
  },
  hypertension: {
    title: 'Blood pressure control',
    aim: 'Systolic blood pressure below 130 mmHg',
    activities: ['Home blood pressure diary', 'Less salt', 'Thirty minutes of walking on five days a week'],
    target: {
      measure: concept(loinc('8480-6', 'Systolic blood pressure')),
      detail: { detailQuantity: { ...quantity(130, 'mmHg', 'mm[Hg]'), comparator: '<' } },
    },
  },
  asthma: {
    title: 'Asthma action plan',
    aim: 'No night of broken sleep through asthma in a month',
    activities: ['Written action plan for attacks', 'Inhaler technique checked at each visit'],
  },
  copd: {
    title: 'COPD management',
    aim: 'No admission for breathlessness this year',
    activities: ['Pulmonary rehabilitation', 'Influenza vaccination every autumn', 'Help to stop smoking'],
  },
  'heart-failure': {
    title: 'Heart failure management',
    aim: 'Weight steady within 2 kg of the dry weight',
    activities: ['Weighing every morning', 'Fluid and salt limits'],
  },
}

/** The plans and goals for the problems that have one. */
export function carePlans(life: Life, withTeam: boolean): Resource[] {
  if (life.person.died !== undefined) return []
  return life.courses.flatMap((course) => {
    const aim = course.ended === undefined ? AIMS[course.problem.key] : undefined
    return aim ? [goal(life, course, aim), carePlan(life, course, aim, withTeam)] : []
  })
}

function goal(life: Life, course: Course, aim: Aim): Resource {
  return {
    resourceType: 'Goal',
    id: `${life.person.id}-goal-${course.problem.key}`,
    lifecycleStatus: 'active',
    achievementStatus: concept(hl7('goal-achievement', course.control > 0.6 ? 'achieved' : 'in-progress')),
    description: { text: aim.aim },
    subject: reference('Patient', life.person.id),
    startDate: dateOf(course.onset),
    ...(aim.target
      ? { target: [{ measure: aim.target.measure, ...aim.target.detail, dueDate: dateOf(life.until + 180) }] }
      : {}),
    addresses: [reference('Condition', problemId(life, course))],
  }
}

function carePlan(life: Life, course: Course, aim: Aim, withTeam: boolean): Resource {
  const { id } = life.person
  return {
    resourceType: 'CarePlan',
    id: `${id}-plan-${course.problem.key}`,
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${aim.title}: ${aim.activities.join('; ')}</p></div>`,
    },
    status: 'active',
    intent: 'plan',
    category: [ASSESS_PLAN],
    title: aim.title,
    subject: reference('Patient', id),
    period: { start: dateOf(course.onset) },
    author: reference('Practitioner', life.physician.id, life.physician.name),
    ...(withTeam ? { careTeam: [reference('CareTeam', `${id}-team`)] } : {}),
    addresses: [reference('Condition', problemId(life, course))],
    goal: [reference('Goal', `${id}-goal-${course.problem.key}`)],
    activity: aim.activities.map((text) => ({ detail: { status: 'in-progress', description: text } })),
  }
}
