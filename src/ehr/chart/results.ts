import type { Resource } from '../../smart/resource.ts'
import type { Locale } from '../../ui/locale.ts'
import { codesOf, conceptText } from '../fhir/concept.ts'
import { choiceDate, newestFirst } from '../fhir/date.ts'
import { type Amount, amountOf } from '../fhir/quantity.ts'
import { objectOf, textOf } from '../fhir/shape.ts'
import { rangeText, type ValueWords, valueText } from '../fhir/value.ts'
import { type Flag, flagOf } from './flag.ts'
import { normalRangeOf } from './reference-range.ts'

/** One measured value of a test. */
export interface Result {
  readonly date?: string | undefined
  readonly text: string
  readonly amount?: Amount | undefined
  readonly flag?: Flag | undefined
  readonly range?: string | undefined
  readonly low?: number | undefined
  readonly high?: number | undefined
  /** Code of the status, when it is not final. */
  readonly status?: string | undefined
}

/** A test with all its values, newest first; there is at least one. */
export interface Test {
  /** What a link can name it by: its first code, else its words. */
  readonly key: string
  readonly name?: string | undefined
  readonly latest: Result
  readonly results: readonly Result[]
}

const settled = new Set(['final', 'corrected', 'amended'])
const voided = new Set(['entered-in-error', 'cancelled'])

/** The tests of Observation resources, the most recent first, then by name. */
export function testsFrom(resources: readonly Resource[], words: ValueWords, locale: Locale): Test[] {
  const observations = resources
    .filter(({ resourceType }) => resourceType === 'Observation')
    .filter(({ status }) => typeof status !== 'string' || !voided.has(status))
  return [...Map.groupBy(observations, keyOf)]
    .map(([key, group]) => testFrom(key, group, words, locale))
    .filter((test) => test !== undefined)
    .toSorted(byDayThenName)
}

function testFrom(
  key: string,
  group: readonly Resource[],
  words: ValueWords,
  locale: Locale,
): Test | undefined {
  const results = newestFirst(group.map((observation) => resultFrom(observation, words, locale)))
  const [latest] = results
  return latest && { key, name: group.map(({ code }) => conceptText(code)).find(Boolean), latest, results }
}

function resultFrom(observation: Resource, words: ValueWords, locale: Locale): Result {
  const range = normalRangeOf(observation.referenceRange)
  const amount = amountOf(observation.valueQuantity)
  const low = amountOf(range?.low)?.value
  const high = amountOf(range?.high)?.value
  const status = textOf(observation.status)
  return {
    date: choiceDate(observation, 'effective') ?? textOf(observation.issued),
    text: valueText(observation, words, locale),
    amount,
    flag: flagOf(observation.interpretation, amount, low, high),
    range: textOf(range?.text) ?? rangeText(objectOf(range), locale),
    low,
    high,
    status: status === undefined || settled.has(status) ? undefined : status,
  }
}

function keyOf({ code }: Resource): string {
  return codesOf(code)[0] ?? conceptText(code) ?? ''
}

function byDayThenName(a: Test, b: Test): number {
  const [dayA, dayB] = [dayOf(a.latest), dayOf(b.latest)]
  return dayB.localeCompare(dayA) || (a.name ?? '').localeCompare(b.name ?? '')
}

/** The calendar day of a result, empty when it has none. */
export function dayOf({ date }: Result): string {
  return date?.slice(0, 10) ?? ''
}
