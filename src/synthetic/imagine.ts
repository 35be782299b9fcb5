import { pickAllergies } from './allergies.ts'
import type { Clinician } from './clinic.ts'
import { clinician } from './clinic.ts'
import { within } from './concepts.ts'
import type { Day } from './days.ts'
import { dayAtAge, yearsBetween } from './days.ts'
import type { Course, Life, Person } from './life.ts'
import { dayOfBmi } from './life.ts'
import type { Problem } from './problems.ts'
import { OBESITY, PROBLEMS } from './problems.ts'
import type { Random } from './random.ts'

/** What is known beforehand about a life; all else is left to chance. */
export type Given = Partial<Omit<Life, 'person' | 'random' | 'until'>>

/** Imagines the life of a person: how they grow, what befalls them, who looks after them. */
export function imagine(person: Person, random: Random, asOf: Day, given: Given = {}): Life {
  const age = yearsBetween(person.birth, asOf)
  const height = random.normal(0, 0.85)
  // The tall are heavier, so that no chance makes somebody impossibly thin.
  const weight = within(-1.9, 0.15 + 0.55 * height + random.normal(0, 0.7), 2.8)
  const base: Life = {
    person,
    stature: { height, weight, head: random.normal(0, 0.8) },
    drift: within(0.02, random.normal(0.11, 0.07), 0.3),
    smoking: pickSmoking(random, age),
    courses: [],
    allergies: pickAllergies(random.fork('allergies')),
    until: Math.min(asOf, person.died ?? asOf),
    unreleased: age >= 18 && person.died === undefined && random.chance(0.07),
    physician: pickPhysician(random, age),
    random,
    ...given,
  }
  return given.courses ? base : { ...base, courses: pickCourses(base) }
}

function pickSmoking(random: Random, age: number): Life['smoking'] {
  const at = random.next()
  if (age < 18 || at > 0.34) return 'never'
  return at < 0.16 ? 'current' : 'former'
}

function pickPhysician(random: Random, age: number): Clinician {
  if (age < 16) return clinician('dr-haddad')
  return clinician(random.pick(['dr-lin', 'dr-lin', 'dr-bergstrom']))
}

function pickCourses(life: Life): Course[] {
  const random = life.random.fork('problems')
  const courses: Course[] = []
  const heavy = dayOfBmi(life, 30)
  if (heavy !== undefined) courses.push({ problem: OBESITY, onset: heavy, control: 0.3 })
  for (const problem of PROBLEMS) {
    const course = pickCourse(life, problem, courses, random)
    if (course) courses.push(course)
  }
  return courses
}

function pickCourse(
  life: Life,
  problem: Problem,
  others: readonly Course[],
  random: Random,
): Course | undefined {
  const struck = random.chance(riskOf(life, problem, others))
  const onset = dayAtAge(life.person.birth, random.between(...problem.onset))
  const control = random.between(0.35, 1)
  const [share, years] = problem.heals ?? [0, 0]
  const heals = random.chance(share)
  const ended = dayAtAge(onset, years * random.between(0.6, 1.5))
  if (!struck || onset >= life.until - 30) return undefined
  return heals && ended < life.until - 30 ? { problem, onset, ended, control } : { problem, onset, control }
}

function riskOf(life: Life, problem: Problem, others: readonly Course[]): number {
  if (problem.sex !== undefined && problem.sex !== life.person.sex) return 0
  const smoked = life.smoking === 'never' ? 1 : (problem.smoking ?? 1)
  const worse = others.map((one) => problem.with?.[one.problem.key] ?? 1)
  return Math.min(
    0.85,
    worse.reduce((risk, factor) => risk * factor, problem.risk * smoked),
  )
}
