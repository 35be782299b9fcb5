/** Dates, instants and periods, compared as ranges. @see https://hl7.org/fhir/R4/search.html#date */
import type { DateCondition } from '../plan.ts'
import { beginningOfTime, type DateValue, endOfTime } from '../rows.ts'
import { parseInstant, type Range } from './instant.ts'
import { isObject, text, texts } from './json.ts'
import { takePrefix } from './prefix.ts'

const instants = new Set(['date', 'dateTime', 'instant'])

/** The ranges of time in an element of type `as`; a period may be open at either end. */
export function dateValues(element: unknown, as: string): DateValue[] {
  if (instants.has(as)) return texts(element).flatMap(instantValue)
  if (!isObject(element)) return []
  if (as === 'Period') return periodValue(element)
  if (as === 'Timing') return timingValues(element)
  return []
}

function instantValue(written: string): DateValue[] {
  const range = parseInstant(written)
  return range ? [{ kind: 'date', low: range.low, high: range.high }] : []
}

function periodValue(period: Readonly<Record<string, unknown>>): DateValue[] {
  const start = parseInstant(text(period.start))
  const end = parseInstant(text(period.end))
  if (!start && !end) return []
  return [{ kind: 'date', low: start?.low ?? beginningOfTime, high: end?.high ?? endOfTime }]
}

function timingValues(timing: Readonly<Record<string, unknown>>): DateValue[] {
  const bounds = isObject(timing.repeat) ? timing.repeat.boundsPeriod : undefined
  return [...texts(timing.event).flatMap(instantValue), ...(isObject(bounds) ? periodValue(bounds) : [])]
}

/** Reads a date with an optional prefix; nothing when there is no such date. */
export function parseDate(value: string): DateCondition | undefined {
  const { comparison, rest } = takePrefix(value)
  const range = parseInstant(rest)
  return range && { kind: 'date', comparison, ...(comparison === 'ap' ? around(range) : range) }
}

/** About a date is up to as far away as the date is long: a day around a day, a year around a year. */
function around({ low, high }: Range): Range {
  const margin = high - low
  return { low: low - margin, high: high + margin }
}

/** Compares a value's range with the asked one, as the specification defines each prefix. */
export function dateMatches(value: DateValue, { comparison, low, high }: DateCondition): boolean {
  const within = value.low >= low && value.high <= high
  switch (comparison) {
    case 'eq':
      return within
    case 'ne':
      return !within
    case 'gt':
      return value.high > high
    case 'lt':
      return value.low < low
    case 'ge':
      return within || value.high > high
    case 'le':
      return within || value.low < low
    case 'sa':
      return value.low >= high
    case 'eb':
      return value.high <= low
    case 'ap':
      return value.low < high && value.high > low
  }
}
