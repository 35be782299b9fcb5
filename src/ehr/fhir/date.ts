/**
 * FHIR dates and times, shown as they were written: a partial date stays partial, and a time is the clock time at
 * the place where it was recorded, not the reader's.
 */
import { objectOf, textOf } from './shape.ts'

const shape = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2}))?)?)?/

/** The date part of a FHIR date, dateTime or instant, spelled for readers of `locale`; unreadable text comes back as it is. */
export function formatDate(value: string, locale: string): string {
  const found = shape.exec(value)
  if (!found) return value
  const [, year, month, day] = found
  const options: Intl.DateTimeFormatOptions = { timeZone: 'UTC', year: 'numeric' }
  if (month) options.month = 'short'
  if (day) options.day = 'numeric'
  return format(Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)), locale, options)
}

/** Date and, when the text has one, the time of day. */
export function formatDateTime(value: string, locale: string): string {
  const found = shape.exec(value)
  const time = found?.[4] ? ` ${found[4]}:${found[5]}` : ''
  return `${formatDate(value, locale)}${time}`
}

/** Milliseconds since 1970 for placing on a time axis; the start of a partial date. */
export function timeOf(value: string | undefined): number | undefined {
  if (value === undefined || !shape.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

/** A short label for a point of time on an axis: year, or month and year. */
export function axisLabel(time: number, locale: string, precise: boolean): string {
  const options: Intl.DateTimeFormatOptions = precise
    ? { year: 'numeric', month: 'short', timeZone: 'UTC' }
    : { year: 'numeric', timeZone: 'UTC' }
  return format(time, locale, options)
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

const formats = new Map<string, Intl.DateTimeFormat>()

function format(time: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${Object.keys(options).join()}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options)
  formats.set(key, known)
  return known.format(time)
}
