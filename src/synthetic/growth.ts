import { HEAD, LENGTH, WEIGHT } from './growth.tables.ts'

/** The two sexes that the growth tables know. */
export type Sex = 'female' | 'male'

/** How one child differs from the middle of their age: standard deviations that stay with them. */
export interface Stature {
  readonly height: number
  readonly weight: number
  readonly head: number
}

const SPREAD = { height: 0.04, weight: 0.115, head: 0.027 }
const ADULT_MONTHS = 216

/** Body length or height in cm at an age in years; adults lose a little after 60. */
export function heightAt(sex: Sex, years: number, stature: Stature): number {
  const median = interpolate(LENGTH[sex], years * 12)
  const shrunk = Math.max(0, years - 60) * 0.08
  return median * (1 + SPREAD.height * stature.height) - shrunk
}

/** Body weight in kg of a child at an age in years up to 18. */
export function childWeightAt(sex: Sex, years: number, stature: Stature): number {
  const median = interpolate(WEIGHT[sex], Math.min(years * 12, ADULT_MONTHS))
  // Children differ little at birth and more with each year.
  const widening = 0.9 + Math.min(years, 14) * 0.03
  return median * Math.exp(SPREAD.weight * widening * stature.weight)
}

/** Head circumference in cm at an age in years up to 3. */
export function headAt(sex: Sex, years: number, stature: Stature): number {
  return interpolate(HEAD[sex], years * 12) * (1 + SPREAD.head * stature.head)
}

/** Straight lines between the points of a table of [months, median]; flat beyond its ends. */
function interpolate(table: readonly (readonly [number, number])[], months: number): number {
  let before = table[0] as readonly [number, number]
  for (const point of table) {
    if (point[0] >= months) return between(before, point, months)
    before = point
  }
  return before[1]
}

function between(low: readonly [number, number], high: readonly [number, number], months: number): number {
  const span = high[0] - low[0]
  const share = span === 0 ? 1 : Math.max(0, (months - low[0]) / span)
  return low[1] + (high[1] - low[1]) * share
}
