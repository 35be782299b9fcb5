import type { Resource } from '../../smart/resource.ts'
import { codesOf, conceptText } from '../fhir/concept.ts'
import { choiceDate, timeOf } from '../fhir/date.ts'
import { type Amount, amountOf } from '../fhir/quantity.ts'
import { type Members, objectsOf, textOf } from '../fhir/shape.ts'
import { type VitalKind, vitalKindOf, vitalKinds } from './vital-kinds.ts'
import { inChartUnit } from './vital-units.ts'

/** A reading on a line; without a value it is a gap: somebody looked, and there is none. */
export interface Point {
  readonly date: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly value?: number | undefined
}

/** What one line of a plot shows; a blood pressure has two. */
export interface Line {
  /** LOINC code, such as that of systolic pressure. */
  readonly key: string
  readonly name?: string | undefined
  /** Oldest first. */
  readonly points: readonly Point[]
}

/** One plot: a vital sign in one unit. */
export interface VitalSign {
  readonly key: string
  readonly kind?: VitalKind | undefined
  readonly name?: string | undefined
  readonly unit?: string | undefined
  readonly lines: readonly Line[]
}

interface Reading {
  readonly sign: string
  readonly kind?: VitalKind | undefined
  readonly name?: string | undefined
  readonly line: string
  readonly lineName?: string | undefined
  readonly date: string
  readonly time: number
  readonly amount?: Amount | undefined
}

const voided = new Set(['entered-in-error', 'cancelled'])

/** The vital signs that can be plotted: those with a number at some time, in chart order. */
export function vitalSignsFrom(resources: readonly Resource[]): VitalSign[] {
  const readings = resources
    .filter(
      ({ resourceType, status }) =>
        resourceType === 'Observation' && !(typeof status === 'string' && voided.has(status)),
    )
    .flatMap(readingsOf)
  const signs = [...Map.groupBy(readings, ({ sign }) => sign).values()]
  return signs.flatMap(signsOf).toSorted(byChartOrder)
}

/** Observations that no plot can show, because they say it in words. */
export function isWordy(observation: Resource): boolean {
  return (
    observation.valueQuantity === undefined &&
    observation.component === undefined &&
    observation.dataAbsentReason === undefined
  )
}

function readingsOf(observation: Resource): Reading[] {
  const date = choiceDate(observation, 'effective') ?? textOf(observation.issued)
  const time = timeOf(date)
  if (date === undefined || time === undefined) return []
  const codes = codesOf(observation.code)
  const kind = vitalKindOf(codes)
  const name = conceptText(observation.code)
  const components = objectsOf(observation.component)
  // Pulse oximetry has a value of its own, and components that only say how it was taken.
  const whole = components.length === 0 || observation.valueQuantity !== undefined
  const measured: readonly Members[] = whole ? [observation] : components
  return measured.map((part) => ({
    sign: kind ?? codes[0] ?? name ?? '',
    kind,
    name,
    line: codesOf(part.code)[0] ?? '',
    lineName: conceptText(part.code),
    date,
    time,
    amount: measuredAmount(part),
  }))
}

function measuredAmount(part: Members): Amount | undefined {
  const amount = amountOf(part.valueQuantity)
  return amount && inChartUnit(amount)
}

/** One sign per unit; readings without value are gaps in the first of them. */
function signsOf(readings: readonly Reading[]): VitalSign[] {
  const units = [...new Set(readings.filter(({ amount }) => amount).map(({ amount }) => amount?.unit))]
  return units.map((unit, index) => {
    const own = readings.filter(({ amount }) => (amount ? amount.unit === unit : index === 0))
    const [first] = own
    return {
      key: index === 0 ? (first?.sign ?? '') : `${first?.sign ?? ''}-${index}`,
      kind: first?.kind,
      name: first?.name,
      unit,
      lines: linesOf(own),
    }
  })
}

function linesOf(readings: readonly Reading[]): Line[] {
  const lines = [...Map.groupBy(readings, lineKeyOf)]
  return lines
    .filter(([, own]) => own.some(({ amount }) => amount))
    .map(([key, own]) => ({ key, name: own[0]?.lineName, points: pointsOf(own) }))
    .toSorted((a, b) => meanOf(b) - meanOf(a))
}

/** The codes of a kind we know mean one thing, but for the two pressures. */
function lineKeyOf({ kind, line }: Reading): string {
  return kind === undefined || kind === 'bloodPressure' ? line : ''
}

function pointsOf(readings: readonly Reading[]): Point[] {
  return readings
    .map(({ date, time, amount }) => ({ date, time, value: amount?.value }))
    .toSorted((a, b) => a.time - b.time)
}

function meanOf({ points }: Line): number {
  const values = points.map(({ value }) => value).filter((value) => value !== undefined)
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)
}

function byChartOrder(a: VitalSign, b: VitalSign): number {
  return orderOf(a) - orderOf(b) || (a.name ?? '').localeCompare(b.name ?? '')
}

function orderOf({ kind }: VitalSign): number {
  return kind === undefined ? vitalKinds.length : vitalKinds.indexOf(kind)
}
