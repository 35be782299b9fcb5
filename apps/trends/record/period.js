/** Cutting series to the time the reader wants to see. */
import { words } from '../words/words.js'

const YEAR = 365.25 * 86_400_000

/** The choices, in years up to the newest reading; 0 is everything. */
export const PERIODS = [
  { years: 0, label: words.record.everything },
  { years: 5, label: words.record.lastYears(5) },
  { years: 1, label: words.record.lastYears(1) },
]

/**
 * The newest moment of several series in milliseconds, minus infinity when there is none. A reading dated in the
 * future is a slip of someone's pen and must not push everything else out of sight.
 * @param {readonly import('./series.js').Series[]} series
 * @param {number} now milliseconds
 */
export function newestOf(series, now) {
  const ends = series.flatMap((one) => one.lines.flatMap((line) => line.points.slice(-1)))
  return Math.min(now, Math.max(Number.NEGATIVE_INFINITY, ...ends.map((point) => point.moment.at)))
}

/**
 * A series with only the readings of the last years before `newest`; lines stay, also when empty.
 * @param {import('./series.js').Series} series
 * @param {number} years 0 leaves everything
 * @param {number} newest milliseconds
 */
export function within(series, years, newest) {
  if (years === 0) return series
  const from = newest - years * YEAR
  return {
    ...series,
    lines: series.lines.map((line) => ({
      ...line,
      points: line.points.filter((point) => point.moment.at >= from),
    })),
  }
}
