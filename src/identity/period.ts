const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/

/** Whether a period that ends with the FHIR date or dateTime `until` is over; an end that cannot be read is over. */
export function isOverAt(until: string | undefined, now: number): boolean {
  if (until === undefined) return false
  const end = endOf(until)
  return Number.isNaN(end) || now >= end
}

/** The first moment after a date: a year, month or day counts to its end. @see FHIR R4 datatypes, Period */
function endOf(until: string): number {
  const date = DATE.exec(until)
  if (!date) return Date.parse(until)
  const [year, month, day] = [Number(date[1]), Number(date[2]), Number(date[3])]
  if (date[2] === undefined) return Date.UTC(year + 1, 0)
  return date[3] === undefined ? Date.UTC(year, month) : Date.UTC(year, month - 1, day + 1)
}
