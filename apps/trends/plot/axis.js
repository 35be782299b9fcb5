/** Axes: round steps for numbers, calendar steps for time, and the line from a value to a place on the page. */
import { LANGUAGE } from '../record/language.js'

const DAY = 86_400_000
const HOUR = 3_600_000

/**
 * Calendar steps from fine to coarse, each with the length it roughly has.
 * @type {readonly { unit: 'hour' | 'day' | 'month' | 'year', step: number, length: number }[]}
 */
const CALENDAR = [
  { unit: 'hour', step: 1, length: HOUR },
  { unit: 'hour', step: 3, length: 3 * HOUR },
  { unit: 'hour', step: 6, length: 6 * HOUR },
  { unit: 'hour', step: 12, length: 12 * HOUR },
  { unit: 'day', step: 1, length: DAY },
  { unit: 'day', step: 2, length: 2 * DAY },
  { unit: 'day', step: 7, length: 7 * DAY },
  { unit: 'day', step: 14, length: 14 * DAY },
  { unit: 'month', step: 1, length: 30.4 * DAY },
  { unit: 'month', step: 3, length: 91.3 * DAY },
  { unit: 'month', step: 6, length: 182.6 * DAY },
  { unit: 'year', step: 1, length: 365.25 * DAY },
  { unit: 'year', step: 2, length: 2 * 365.25 * DAY },
  { unit: 'year', step: 5, length: 5 * 365.25 * DAY },
  { unit: 'year', step: 10, length: 10 * 365.25 * DAY },
  { unit: 'year', step: 20, length: 20 * 365.25 * DAY },
  { unit: 'year', step: 50, length: 50 * 365.25 * DAY },
]

/** @type {Record<'hour' | 'day' | 'month' | 'year', Intl.DateTimeFormatOptions>} */
const LABELS = {
  hour: { day: 'numeric', month: 'short', hour: '2-digit' },
  day: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
  year: { year: 'numeric' },
}

/**
 * Maps values of a domain to places of a range, in proportion; an empty domain maps to the middle.
 * @param {readonly [number, number]} domain
 * @param {readonly [number, number]} range
 * @returns {(value: number) => number}
 */
export function scale([from, to], [start, end]) {
  if (from === to) return () => (start + end) / 2
  return (value) => start + ((value - from) / (to - from)) * (end - start)
}

/**
 * Round numbers that span a minimum and a maximum in steps of 1, 2 or 5 times a power of ten.
 * @param {number} low
 * @param {number} high
 * @param {number} [about] how many steps, default 3
 */
export function numberTicks(low, high, about = 3) {
  const spread = high - low || Math.abs(high) * 0.2 || 1
  const [from, to] = high === low ? [low - spread / 2, high + spread / 2] : [low, high]
  const rough = spread / about
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10) * power
  const first = Math.floor(from / step + 1e-9)
  const last = Math.ceil(to / step - 1e-9)
  // Counting steps, not adding them up, keeps 0.1 + 0.2 from being 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  )
}

/** Room that a label of each kind needs, in pixels. */
const LABEL_WIDTH = { hour: 100, day: 62, month: 78, year: 48 }

/**
 * Calendar moments between two times, as many as have room, with labels.
 * @param {number} from milliseconds
 * @param {number} to milliseconds
 * @param {number} room pixels
 * @param {string} [locale]
 * @returns {{ at: number, label: string }[]}
 */
export function timeTicks(from, to, room, locale = LANGUAGE) {
  if (to <= from) return []
  const rule =
    CALENDAR.find(({ unit, length }) => ((to - from) / length) * LABEL_WIDTH[unit] <= room) ??
    /** @type {typeof CALENDAR[number]} */ (CALENDAR.at(-1))
  const format = new Intl.DateTimeFormat(locale, LABELS[rule.unit])
  const ticks = []
  for (let at = floorTo(from, rule); at <= to; at = after(at, rule))
    if (at >= from) ticks.push({ at, label: format.format(at) })
  return ticks
}

/** @param {number} at @param {typeof CALENDAR[number]} rule */
function floorTo(at, { unit, step }) {
  const date = new Date(at)
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()]
  if (unit === 'year') return new Date(Math.floor(year / step) * step, 0, 1).getTime()
  if (unit === 'month') return new Date(year, Math.floor(month / step) * step, 1).getTime()
  if (unit === 'day') return new Date(year, month, day).getTime()
  return new Date(year, month, day, Math.floor(date.getHours() / step) * step).getTime()
}

/** @param {number} at @param {typeof CALENDAR[number]} rule */
function after(at, { unit, step }) {
  const date = new Date(at)
  if (unit === 'year') date.setFullYear(date.getFullYear() + step)
  else if (unit === 'month') date.setMonth(date.getMonth() + step)
  else if (unit === 'day') date.setDate(date.getDate() + step)
  else date.setHours(date.getHours() + step)
  return date.getTime()
}
