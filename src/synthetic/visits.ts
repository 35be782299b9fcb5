import type { Ailment } from './ailments.ts'
import { AILMENTS } from './ailments.ts'
import type { Clinician } from './clinic.ts'
import { clinician } from './clinic.ts'
import type { Day } from './days.ts'
import { dayAtAge } from './days.ts'
import type { Course, Life } from './life.ts'
import { ageOn } from './life.ts'
import type { Random } from './random.ts'

/** One meeting of the patient with the clinic. */
export interface Visit {
  readonly id: string
  readonly kind: 'well-child' | 'check-up' | 'follow-up' | 'ailment' | 'emergency' | 'admission'
  readonly day: Day
  /** Minute of the day at which it begins. */
  readonly minute: number
  readonly by: Clinician
  /** The lasting problem that it is about. */
  readonly course?: Course
  /** The short illness that it is about. */
  readonly ailment?: Ailment
  /** Laboratory results of this visit wait for release. */
  readonly unreleased: boolean
}

type Plan = Pick<Visit, 'kind' | 'day' | 'course' | 'ailment'> & { readonly unreleased?: boolean }

const WELL_CHILD_MONTHS = [0.5, 1, 2, 4, 6, 9, 12, 15, 18, 24, 30, 36]
/** How many years of an adult's past the record holds. */
const ADULT_YEARS = 7

/** Every visit of a life, oldest first. */
export function planVisits(life: Life): Visit[] {
  const random = life.random.fork('visits')
  const from = Math.max(dayAtAge(life.until, -ADULT_YEARS), dayAtAge(life.person.birth, 18))
  const plans = [
    ...wellChild(life, random),
    ...adult(life, random, from),
    ...diagnoses(life, from),
    ...ailing(life, random),
    ...latest(life),
  ]
  const seen = new Set<Day>()
  return plans
    .filter(
      (one) =>
        one.day < life.until && one.day >= life.person.birth && !seen.has(one.day) && seen.add(one.day),
    )
    .sort((a, b) => a.day - b.day)
    .map((one, at) => visit(life, one, at + 1, random))
}

function visit(life: Life, plan: Plan, number: number, random: Random): Visit {
  const urgent = plan.kind === 'emergency' || plan.kind === 'admission'
  const minute = urgent ? random.int(60, 1000) : random.int(0, 35) * 15 + 8 * 60 + 30
  return {
    unreleased: false,
    ...plan,
    id: `${life.person.id}-enc-${number}`,
    minute,
    by: seenBy(life, plan, random),
  }
}

function seenBy(life: Life, plan: Plan, random: Random): Clinician {
  if (plan.course?.problem.sensitivity === 'PSY') return clinician('dr-kao')
  if (ageOn(life, plan.day) < 16) return clinician('dr-haddad')
  return plan.kind === 'ailment' && random.chance(0.3) ? clinician('dr-bergstrom') : adultPhysician(life)
}

function adultPhysician(life: Life): Clinician {
  return life.physician.id === 'dr-haddad' ? clinician('dr-lin') : life.physician
}

function wellChild(life: Life, random: Random): Plan[] {
  const ages = [
    ...WELL_CHILD_MONTHS.map((months) => months / 12),
    ...Array.from({ length: 14 }, (_, at) => at + 4),
  ]
  // Somebody long grown has no childhood record here.
  if (ageOn(life, life.until) > 24) return []
  return ages.map((years) => ({
    kind: 'well-child',
    day: dayAtAge(life.person.birth, years) + random.int(0, years < 1 ? 6 : 24),
  }))
}

/** Regular visits: as often as the strictest problem asks, otherwise a check-up now and then. */
function adult(life: Life, random: Random, from: Day): Plan[] {
  const plans: Plan[] = []
  for (let day = from + random.int(20, 300); day < life.until; ) {
    const course = mostPressing(life, day)
    const sinceCheckUp = plans.filter((one) => one.kind === 'check-up').at(-1)
    const due = !course || !sinceCheckUp || day - sinceCheckUp.day > 330
    plans.push(due ? { kind: 'check-up', day } : { kind: 'follow-up', day, course })
    day += course?.problem.followUpMonths
      ? Math.round(course.problem.followUpMonths * 30.4) + random.int(-20, 25)
      : random.int(420, 800)
  }
  return plans
}

function mostPressing(life: Life, day: Day): Course | undefined {
  const present = life.courses.filter(
    (one) => one.problem.followUpMonths && one.onset < day && (one.ended ?? day) >= day,
  )
  const sorted = present.sort((a, b) => (a.problem.followUpMonths ?? 99) - (b.problem.followUpMonths ?? 99))
  // Problems of equal urgency take turns from visit to visit.
  const urgent = sorted.filter((one) => one.problem.followUpMonths === sorted[0]?.problem.followUpMonths)
  return urgent[Math.floor(day / 120) % Math.max(1, urgent.length)]
}

/** The visit at which each problem was found, as far back as the record goes. */
function diagnoses(life: Life, from: Day): Plan[] {
  const start = ageOn(life, life.until) <= 24 ? life.person.birth : from
  return life.courses
    .filter((one) => one.onset > start)
    .flatMap((course): Plan[] => [
      { kind: 'follow-up', day: course.onset, course },
      ...(course.problem.followUpMonths
        ? [{ kind: 'follow-up' as const, day: course.onset + 75, course }]
        : []),
    ])
}

function ailing(life: Life, random: Random): Plan[] {
  return AILMENTS.flatMap((ailment): Plan[] => {
    if (ailment.sex !== undefined && ailment.sex !== life.person.sex) return []
    const first = Math.max(dayAtAge(life.person.birth, ailment.ages[0]), dayAtAge(life.until, -ADULT_YEARS))
    const last = Math.min(dayAtAge(life.person.birth, ailment.ages[1]), life.until - 1)
    const kind = ailment.admission ? 'admission' : ailment.emergency ? 'emergency' : 'ailment'
    return strikes(random, ailment.perYear, first, last).map((day) => ({ kind, day, ailment }))
  })
}

/** Days on which something that comes so often a year comes. */
function strikes(random: Random, perYear: number, first: Day, last: Day): Day[] {
  const days: Day[] = []
  for (let day = first; ; ) {
    day += Math.ceil((-Math.log(1 - random.next()) / perYear) * 365)
    if (day > last) return days
    days.push(day)
  }
}

/** A visit of these days whose results nobody has looked at yet. */
function latest(life: Life): Plan[] {
  return life.unreleased
    ? [{ kind: 'check-up', day: life.until - life.random.fork('latest').int(1, 6), unreleased: true }]
    : []
}
