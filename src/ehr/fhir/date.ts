/**
 * FHIR dates and times, shown as they were written: a partial date stays partial, and a time is the clock time at
 * the place where it was recorded, not the reader's.
 */
import { formatDay } from '../../ui/format.ts'
import type { Locale } from '../../ui/locale.ts'
import { objectOf, textOf } from './shape.ts'

const shape = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}))?)?)?/

/** The day and, when the text has one, the time of day as the clock showed it there. */
export function formatDateTime(value: string, locale: Locale): string {
  const time = clockTime(value)
  return time === undefined ? formatDay(locale, value) : `${formatDay(locale, value)} ${time}`
}

/** The time of day in a FHIR dateTime, as it was written. */
export function clockTime(value: string): string | undefined {
  const found = shape.exec(value)
  return found?.[4] && `${found[4]}:${found[5]}`
}

/** Milliseconds since 1970 for placing on a time axis; the start of a partial date. */
export function timeOf(value: string | undefined): number | undefined {
  if (value === undefined || !shape.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

/** A short label for a point of time on an axis: year, or month and year. */
export function axisLabel(time: number, locale: Locale, months: boolean): string {
  return formatDay(locale, new Date(time).toISOString().slice(0, months ? 7 : 4))
}

/** The date behind a choice such as `onset[x]` or `effective[x]`: a dateTime, or the start of a period. */
export function choiceDate(holder: Readonly<Record<string, unknown>>, stem: string): string | undefined {
  const period = objectOf(holder[`${stem}Period`])
  return (
    textOf(holder[`${stem}DateTime`]) ??
    textOf(period?.start) ??
    textOf(period?.end) ??
    textOf(holder[`${stem}Instant`])
  )
}

/** Orders by date, newest first; what has no date comes last. */
export function newestFirst<Item extends { readonly date?: string | undefined }>(
  items: readonly Item[],
): Item[] {
  return items.toSorted((a, b) => (timeOf(b.date) ?? -Infinity) - (timeOf(a.date) ?? -Infinity) || 0)
}
