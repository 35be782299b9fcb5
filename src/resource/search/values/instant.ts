/** Dates and instants of any precision, as the range of time that they stand for. */

export interface Range {
  /** Milliseconds since 1970. */
  readonly low: number
  /** Not included. */
  readonly high: number
}

// In a query, a `+` that was not escaped arrives as a space.
const form =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+ -]\d\d:\d\d)?)?)?)?$/

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Reads a FHIR date, dateTime or instant; one without zone is taken as UTC. Nothing when there is no such date. */
export function parseInstant(text: string): Range | undefined {
  const parts = form.exec(text)
  if (!parts) return undefined
  const [, year, month, date, hours, minutes, seconds, fraction, zone] = parts
  const low = start(Number(year), Number(month ?? 1), Number(date ?? 1))
  if (low === undefined) return undefined
  if (hours === undefined) return { low, high: low + length(low, month, date) }
  const time = timeOfDay(Number(hours), Number(minutes), Number(seconds ?? 0), fraction)
  const offset = zoneOffset(zone)
  if (time === undefined || offset === undefined) return undefined
  const exact = low + time - offset
  return { low: exact, high: exact + timePrecision(seconds, fraction) }
}

function start(year: number, month: number, date: number): number | undefined {
  const at = new Date(Date.UTC(2000, month - 1, date))
  // Years below 100 would be taken as of the last century.
  at.setUTCFullYear(year, month - 1, date)
  return at.getUTCMonth() === month - 1 && at.getUTCDate() === date ? at.getTime() : undefined
}

function length(low: number, month: string | undefined, date: string | undefined): number {
  if (date !== undefined) return day
  const end = new Date(low)
  if (month === undefined) end.setUTCFullYear(end.getUTCFullYear() + 1)
  else end.setUTCMonth(end.getUTCMonth() + 1)
  return end.getTime() - low
}

function timeOfDay(hours: number, minutes: number, seconds: number, fraction = ''): number | undefined {
  // 60 is a leap second.
  if (hours > 24 || minutes > 59 || seconds > 60) return undefined
  if (hours === 24 && minutes + seconds > 0) return undefined
  return hours * hour + minutes * minute + seconds * second + Number(fraction.slice(0, 3).padEnd(3, '0'))
}

function timePrecision(seconds: string | undefined, fraction: string | undefined): number {
  if (seconds === undefined) return minute
  if (fraction === undefined) return second
  return 10 ** Math.max(0, 3 - fraction.length)
}

function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4))
  if (hours > 14 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * hour + minutes * minute)
}
