import { within } from '../concepts.ts'
import type { Day } from '../days.ts'
import { yearsBetween } from '../days.ts'
import type { Life } from '../life.ts'
import { ageOn, approach, courseOn } from '../life.ts'
import type { Random } from '../random.ts'
import type { AnalyteKey } from './analytes.ts'

/** Everything the laboratory could measure in one blood sample; the values hang together. */
export type Sample = Readonly<Record<AnalyteKey, number>>

/** A blood sample of a patient on a day. The patient's own level is steady, the day adds a little. */
export function drawSample(life: Life, day: Day, feverish: boolean): Sample {
  const own = life.random.fork('laboratory')
  const today = life.random.fork(`sample ${day - life.person.birth}`)
  const hba1c = hba1cOn(life, day, own, today)
  return {
    ...sugar(hba1c, today),
    ...lipids(life, day, own.fork('lipids'), today),
    ...kidneys(life, day, own.fork('kidneys'), today),
    ...blood(life, day, own.fork('blood'), today, feverish),
    tsh: thyrotropin(life, day, own.fork('thyroid'), today),
    ...immunity(life, day, own.fork('immunity'), today),
  }
}

/** Diabetes is found with a raised HbA1c, falls within a year of treatment, and creeps up again where control is poor. */
function hba1cOn(life: Life, day: Day, own: Random, today: Random): number {
  const usual = own.normal(5.25, 0.16)
  const course = courseOn(life, 'diabetes', day)
  if (!course) {
    const ahead = approach(life, 'diabetes', day, 5) * 0.9
    return within(4.5, usual + ahead + today.normal(0, 0.08), ahead > 0 ? 6.4 : 5.7)
  }
  const years = yearsBetween(course.onset, day)
  const found = own.fork('hba1c').between(7.6, 9.8)
  const settled = 6.3 + 1.9 * (1 - course.control)
  const treated = settled + (found - settled) * Math.exp(-years / 0.45)
  return within(5.8, treated + (1 - course.control) * 0.08 * years + today.normal(0, 0.14), 13)
}

function sugar(hba1c: number, today: Random) {
  const average = 28.7 * hba1c - 46.7
  return {
    hba1c,
    fastingGlucose: within(64, average * 0.86 + today.normal(0, 4), 380),
    glucose: within(66, average * 1.03 + today.normal(0, 9), 420),
  }
}

function lipids(life: Life, day: Day, own: Random, today: Random) {
  const raised = courseOn(life, 'hyperlipidaemia', day)
  const statin = raised
    ? 1 - 0.36 * raised.control * (1 - Math.exp(-yearsBetween(raised.onset, day) / 0.25))
    : 1
  const level = own.normal(0, 1)
  const tendency = raised ? 1 : approach(life, 'hyperlipidaemia', day, 10)
  const healthy = within(62, 106 + 17 * level, 140)
  const usual = healthy + (176 + 7 * level - healthy) * tendency
  const ldl = within(40, usual * statin + today.normal(0, 5), 250)
  const hdl = within(26, own.normal(life.person.sex === 'female' ? 58 : 49, 8) + today.normal(0, 2), 98)
  const heavy = courseOn(life, 'obesity', day) ? 28 : 0
  const sweet = courseOn(life, 'diabetes', day) ? 34 : 0
  const triglycerides = within(
    42,
    own.normal(104, 24) + heavy + sweet + (raised ? 18 : 0) + today.normal(0, 11),
    390,
  )
  return {
    ldl,
    hdl,
    triglycerides,
    cholesterol: Math.round(ldl) + Math.round(hdl) + Math.round(triglycerides) / 5,
  }
}

function kidneys(life: Life, day: Day, own: Random, today: Random) {
  const age = ageOn(life, day)
  const sick = courseOn(life, 'kidney-disease', day)
  const healthy = within(66, own.normal(118 - age * 0.5, 9), 130)
  const failing = healthy - (healthy - 59) * approach(life, 'kidney-disease', day, 9)
  const target = sick ? within(31, 57 - 1.4 * yearsBetween(sick.onset, day), 58) : failing
  const creatinine =
    Math.round(
      (age < 18 ? 0.22 + age * 0.033 : creatinineFor(life, age, target + today.normal(0, 2))) * 100,
    ) / 100
  const retained = sick ? 0.4 : 0
  const potassium = within(3.2, own.normal(4.2, 0.18) + retained + today.normal(0, 0.15), 5.9)
  return {
    creatinine,
    egfr: Math.min(140, filtration(life, age, creatinine)),
    potassium,
    sodium: within(132, today.normal(140, 1.6), 147),
  }
}

/** The MDRD equation (four variables), and its inverse. */
function filtration(life: Life, age: number, creatinine: number): number {
  return 175 * creatinine ** -1.154 * Math.max(age, 18) ** -0.203 * (life.person.sex === 'female' ? 0.742 : 1)
}

function creatinineFor(life: Life, age: number, rate: number): number {
  return (filtration(life, age, 1) / Math.max(20, rate)) ** (1 / 1.154)
}

function blood(life: Life, day: Day, own: Random, today: Random, feverish: boolean) {
  const grown = ageOn(life, day) >= 15
  const usual = grown ? own.normal(life.person.sex === 'female' ? 13.5 : 15.1, 0.55) : own.normal(12.6, 0.5)
  const poor = courseOn(life, 'iron-deficiency', day)
  const missing = poor
    ? 3.4 * Math.exp(-yearsBetween(poor.onset, day) / (0.3 + 0.5 * (1 - poor.control))) + 0.3
    : 0
  const renal = courseOn(life, 'kidney-disease', day) ? 1.5 : 0
  return {
    haemoglobin: within(7.5, usual - missing - renal + today.normal(0, 0.2), 17.4),
    whiteCells: within(3.6, own.normal(6.7, 0.9) + (feverish ? 5.5 : 0) + today.normal(0, 0.5), 21),
    platelets: within(135, own.normal(248, 34) + (poor ? 45 : 0) + today.normal(0, 11), 480),
    crp: within(
      0.2,
      own.between(0.3, 1.9) +
        (courseOn(life, 'obesity', day) ? 1.4 : 0) +
        (feverish ? 38 : 0) +
        today.normal(0, 0.3),
      120,
    ),
  }
}

function thyrotropin(life: Life, day: Day, own: Random, today: Random): number {
  const usual = within(0.7, own.normal(1.9, 0.55), 3.6)
  const course = courseOn(life, 'hypothyroidism', day)
  if (!course) return within(0.45, usual + today.normal(0, 0.2), 4.1)
  const excess = own.fork('tsh').between(6, 14) * Math.exp(-yearsBetween(course.onset, day) / 0.3)
  return within(0.5, usual + excess + (1 - course.control) * 2 + today.normal(0, 0.25), 30)
}

function immunity(life: Life, day: Day, own: Random, today: Random) {
  const course = courseOn(life, 'hiv', day)
  const years = course ? yearsBetween(course.onset, day) : 0
  const found = own.fork('hiv').between(9_000, 140_000)
  const viralLoad = course ? within(20, found * Math.exp(-years * 22) + today.between(0, 20), 150_000) : 0
  const cd4 = within(
    180,
    course ? 380 + 240 * (1 - Math.exp(-years)) + today.normal(0, 35) : own.normal(900, 120),
    1500,
  )
  return { viralLoad, cd4 }
}
