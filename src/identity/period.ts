const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/

/** Whether a period that ends with the FHIR date or dateTime `until` is over; an end that cannot be read is over. */
export function isOverAt(until: string | undefined, now: number): boolean {
  if (until === undefined) return false
  const end = endOf(until)
  return Number.isNaN(end) || now >= end
}

/** The first moment after a date, in milliseconds: a year, month or day counts to its end. @see FHIR R4 datatypes, Period */
export function endOf(until: string): number {
  const date = DATE.exec(until)
  if (!date) return Date.parse(until)
  const [year, month, day] = [Number(date[1]), Number(date[2]), Number(date[3])]
  if (date[2] === undefined) return Date.UTC(year + 1, 0)
  return date[3] === undefined ? Date.UTC(year, month) : Date.UTC(year, month - 1, day + 1)
}

/** Whether a period that starts with the FHIR date or dateTime `since` has not begun; a start that cannot be read has not. */
export function isAheadAt(since: string | undefined, now: number): boolean {
  if (since === undefined) return false
  const start = startOf(since)
  return Number.isNaN(start) || now < start
}

/** The first moment of a date, in milliseconds; a year or month counts from its beginning. NaN when it is no date. */
export function startOf(since: string): number {
  const date = DATE.exec(since)
  if (!date) return Date.parse(since)
  return Date.UTC(Number(date[1]), Number(date[2] ?? 1) - 1, Number(date[3] ?? 1))
}

/** Whether a person born on this FHIR date is younger than `years`; of a date that is missing or cannot be read it is not known to be so. */
export function isYoungerThan(years: number, birthDate: string | undefined, now: number): boolean {
  const date = birthDate === undefined ? null : DATE.exec(birthDate)
  // Of an incomplete date the earliest day counts.
  return (
    date !== null && now < Date.UTC(Number(date[1]) + years, Number(date[2] ?? 1) - 1, Number(date[3] ?? 1))
  )
}
