/** Dates and times as people of a language write them. */
import type { Locale } from './locale.ts'

const DAY: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: 'numeric' }
const MONTH: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short' }
const MOMENT: Intl.DateTimeFormatOptions = {
  ...DAY,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
}
const DAY_CHARACTERS = 10
const MONTH_CHARACTERS = 7

/** A FHIR date or dateTime as a day, month or year, by as much as it tells; a text that is no date stays as it is. */
export function formatDay(locale: Locale, date: string): string {
  const day = date.slice(0, DAY_CHARACTERS)
  if (Number.isNaN(Date.parse(day))) return date
  if (day.length < MONTH_CHARACTERS) return day
  return write(locale, day.length < DAY_CHARACTERS ? MONTH : DAY, `${day.slice(0, DAY_CHARACTERS)}`, 'UTC')
}

/** A moment in the server's time zone: milliseconds, or a FHIR instant. */
export function formatMoment(locale: Locale, moment: number | string): string {
  return Number.isNaN(new Date(moment).getTime()) ? String(moment) : write(locale, MOMENT, moment)
}

function write(
  locale: Locale,
  style: Intl.DateTimeFormatOptions,
  value: number | string,
  timeZone?: string,
): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { ...style, timeZone }).format(
    new Date(value),
  )
}
