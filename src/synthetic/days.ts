/** A calendar day, counted from 1970-01-01. */
export type Day = number

const MS_PER_DAY = 24 * 60 * 60 * 1000
const DAYS_PER_YEAR = 365.2425
/** Where the clinic stands: Taiwan, without summer time. */
const OFFSET = '+08:00'

/** The day of a FHIR date `YYYY-MM-DD`; throws RangeError for anything else. */
export function dayOf(date: string): Day {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(ms)) throw new RangeError(`not a date of the form YYYY-MM-DD: ${date}`)
  return ms / MS_PER_DAY
}

/** The FHIR date of a day. */
export function dateOf(day: Day): string {
  return new Date(Math.floor(day) * MS_PER_DAY).toISOString().slice(0, 10)
}

/** The FHIR instant of a minute of a day, in the clinic's own time. */
export function instantOf(day: Day, minute: number): string {
  const hours = String(Math.floor(minute / 60)).padStart(2, '0')
  const minutes = String(Math.floor(minute) % 60).padStart(2, '0')
  return `${dateOf(day)}T${hours}:${minutes}:00${OFFSET}`
}

/** Age in years, with its fraction. */
export function yearsBetween(birth: Day, day: Day): number {
  return (day - birth) / DAYS_PER_YEAR
}

/** The day on which somebody born on `birth` reaches an age in years. */
export function dayAtAge(birth: Day, years: number): Day {
  return Math.round(birth + years * DAYS_PER_YEAR)
}

/** The calendar year of a day. */
export function yearOf(day: Day): number {
  return Number(dateOf(day).slice(0, 4))
}
