import { rounded, within } from './concepts.ts'
import type { Day } from './days.ts'
import { yearsBetween } from './days.ts'
import { headAt } from './growth.ts'
import type { Life } from './life.ts'
import { ageOn, approach, courseOn, heightOn, weightOn } from './life.ts'
import type { Random } from './random.ts'
import type { Visit } from './visits.ts'

/** What is measured at a visit; a missing member was not measured. */
export interface Vitals {
  readonly height?: number
  readonly weight?: number
  readonly bmi?: number
  readonly head?: number
  readonly systolic?: number
  readonly diastolic?: number
  readonly heartRate?: number
  readonly respiratoryRate?: number
  readonly temperature?: number
  readonly saturation?: number
}

/** Measures the patient as is usual for their age and for the kind of visit. */
export function measure(life: Life, visit: Visit): Vitals {
  const age = ageOn(life, visit.day)
  const random = life.random.fork(`vitals ${visit.id}`)
  const size = sizeOf(life, visit, age, random)
  if (visit.kind === 'well-child' && age < 3)
    return { ...size, head: rounded(headAt(life.person.sex, age, life.stature), 1) }
  return { ...size, ...circulation(life, visit.day, age, random), ...illness(life, visit, age, random) }
}

function sizeOf(life: Life, visit: Visit, age: number, random: Random): Vitals {
  const weight = rounded(
    weightOn(life, visit.day) * (1 + (age < 18 ? 0 : random.normal(0, 0.006))),
    age < 3 ? 2 : 1,
  )
  if (visit.kind !== 'well-child' && visit.kind !== 'check-up')
    return visit.kind === 'emergency' ? {} : { weight }
  const height = rounded(heightOn(life, visit.day), 1)
  return age < 2 ? { height, weight } : { height, weight, bmi: rounded(weight / (height / 100) ** 2, 1) }
}

function circulation(life: Life, day: Day, age: number, random: Random): Vitals {
  if (age < 3) return {}
  const systolic = Math.round(systolicOn(life, day, age) + random.normal(0, age < 18 ? 3 : 5))
  const diastolic = Math.round(
    within(
      42,
      systolic * 0.44 + 22 + (age < 12 ? -4 : 0) - Math.max(0, age - 65) * 0.2 + random.normal(0, 3),
      115,
    ),
  )
  return { systolic, diastolic, heartRate: Math.round(heartRateOn(life, day, age) + random.normal(0, 4)) }
}

/** Blood pressure rises with age and weight; hypertension is found high and falls under treatment. */
function systolicOn(life: Life, day: Day, age: number): number {
  const own = life.random.fork('pressure').normal(0, age < 18 ? 3 : 4)
  if (age < 18) return 88 + age * 1.75 + own
  const usual = 113 + Math.max(0, age - 35) * 0.28 + own
  const course = courseOn(life, 'hypertension', day)
  if (!course) return Math.min(usual, 131) + approach(life, 'hypertension', day, 4) * 12
  const years = yearsBetween(course.onset, day)
  const settled = 126 + 18 * (1 - course.control)
  return settled + (158 - settled) * Math.exp(-years / 0.4)
}

function heartRateOn(life: Life, day: Day, age: number): number {
  const irregular = courseOn(life, 'atrial-fibrillation', day) ? 9 : 0
  return (age < 18 ? 112 - age * 2.4 : 71) + irregular + life.random.fork('heart').normal(0, 3)
}

/** Temperature, breathing and saturation belong to visits for an illness, and to lung disease. */
function illness(life: Life, visit: Visit, age: number, random: Random): Vitals {
  const lungs = courseOn(life, 'copd', visit.day) ? 4.5 : courseOn(life, 'asthma', visit.day) ? 1 : 0
  const ill = visit.kind === 'ailment' || visit.kind === 'emergency' || visit.kind === 'admission'
  if (!ill && lungs === 0) return {}
  const fever = visit.ailment?.fever ?? 0
  const saturation = Math.round(within(86, 98.3 - lungs - fever * 0.5 + random.normal(0, 0.6), 100))
  const respiratoryRate = Math.round(
    within(10, (age < 12 ? 27 - age : 15) + lungs * 0.7 + fever * 2 + random.normal(0, 1), 44),
  )
  if (!ill) return { saturation, respiratoryRate }
  const temperature = rounded(within(35.6, 36.8 + fever + random.normal(0, 0.25), 40.4), 1)
  return { saturation, respiratoryRate, temperature }
}
