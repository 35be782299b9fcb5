import type { Home } from './address.ts'
import type { Clinician } from './clinic.ts'
import type { Day } from './days.ts'
import { dayAtAge, yearsBetween } from './days.ts'
import type { Sex, Stature } from './growth.ts'
import { childWeightAt, heightAt } from './growth.ts'
import type { Problem } from './problems.ts'
import type { Random } from './random.ts'

/** Who somebody is. */
export interface Person {
  readonly id: string
  readonly mrn: string
  readonly sex: Sex
  readonly family: readonly [latin: string, script?: string]
  readonly given: readonly [latin: string, script?: string]
  readonly birth: Day
  readonly died?: Day
  readonly home: Home
  readonly mobile?: string
  readonly language: readonly [code: string, display: string]
}

/** One problem in one life. */
export interface Course {
  readonly problem: Problem
  readonly onset: Day
  readonly ended?: Day
  /** How well treatment holds it, 0 (not at all) to 1. */
  readonly control: number
}

/** Everything about a person that decides what their record will say. */
export interface Life {
  readonly person: Person
  readonly stature: Stature
  /** What an adult gains each year up to 60, in kg/m². */
  readonly drift: number
  readonly smoking: 'never' | 'former' | 'current'
  readonly courses: readonly Course[]
  readonly allergies: readonly string[]
  /** The first day on which nothing is recorded any more. */
  readonly until: Day
  /** Whether the latest laboratory results wait for the physician's release. */
  readonly unreleased: boolean
  readonly physician: Clinician
  readonly random: Random
}

/** The patient's age in years on a day. */
export function ageOn(life: Life, day: Day): number {
  return yearsBetween(life.person.birth, day)
}

/** The course of a problem that is present on a day. */
export function courseOn(life: Life, key: string, day: Day): Course | undefined {
  return life.courses.find((one) => one.problem.key === key && one.onset <= day && (one.ended ?? day) >= day)
}

/** How near a problem is that is still to come: 0 when it is further off than `years` (or never comes), rising to 1 at its onset. */
export function approach(life: Life, key: string, day: Day, years: number): number {
  const course = life.courses.find((one) => one.problem.key === key && one.onset > day)
  return course ? Math.max(0, 1 - yearsBetween(day, course.onset) / years) : 0
}

/** Body height in cm on a day. */
export function heightOn(life: Life, day: Day): number {
  return heightAt(life.person.sex, ageOn(life, day), life.stature)
}

/** Body weight in kg on a day: the growth curve for children, a slow drift of the BMI afterwards. */
export function weightOn(life: Life, day: Day): number {
  const age = ageOn(life, day)
  if (age < 18) return childWeightAt(life.person.sex, age, life.stature)
  return bmiOfAdult(life, age) * (heightOn(life, day) / 100) ** 2
}

/** The day on which an adult's BMI passes a value, if it has by `until`. */
export function dayOfBmi(life: Life, bmi: number): Day | undefined {
  const years = Math.max(0, (bmi - bmiOfAdult(life, 18)) / life.drift)
  const day = dayAtAge(life.person.birth, 18 + years)
  return years < 42 && day < life.until ? day : undefined
}

function bmiOfAdult(life: Life, age: number): number {
  const { sex } = life.person
  const metres = heightAt(sex, 18, life.stature) / 100
  const grown = childWeightAt(sex, 18, life.stature) / metres ** 2
  const gained = life.drift * (Math.min(age, 60) - 18)
  const lost = Math.max(0, age - 75) * 0.06
  return Math.max(17, Math.min(44, Math.max(17.5, grown) + gained - lost))
}
