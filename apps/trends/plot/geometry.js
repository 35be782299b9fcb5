/**
 * Where everything of a plot goes, as plain numbers.
 * @typedef {import('../record/series.js').Series} Series
 * @typedef {{ at: number, x: number, ys: (number | undefined)[] }} Stop one moment on the plot, one height per line
 * @typedef {{ width: number, height: number, left: number, right: number, top: number, bottom: number, stops: Stop[], band?: { top: number, bottom: number }, numbers: { y: number, value: number }[], times: { x: number, label: string }[] }} Geometry
 */
import { LANGUAGE } from '../record/language.js'
import { momentsOf } from '../record/series.js'
import { numberTicks, scale, timeTicks } from './axis.js'

/** The time around a lone reading, enough for a label that names its month. */
const SURROUNDINGS = 90 * 86_400_000
const EDGE = { top: 10, right: 14, bottom: 22, left: 40 }

/**
 * Lays a series out on a surface.
 * @param {Series} series with at least one point
 * @param {{ width: number, height: number }} size pixels
 * @param {string} [locale]
 * @returns {Geometry}
 */
export function layOut(series, { width, height }, locale = LANGUAGE) {
  const moments = momentsOf(series)
  const [left, right, top, bottom] = [EDGE.left, width - EDGE.right, EDGE.top, height - EDGE.bottom]
  const [from, to] = span(moments.map(({ moment }) => moment.at))
  const ticks = ticksOf(series)
  const toX = scale([from, to], [left, right])
  const toY = scale([ticks[0] ?? 0, ticks.at(-1) ?? 1], [bottom, top])
  return {
    ...{ width, height, left, right, top, bottom },
    stops: moments.map(({ moment, points }) => ({
      at: moment.at,
      x: toX(moment.at),
      ys: points.map((p) => p && toY(p.number)),
    })),
    ...bandOf(series, toY, top, bottom),
    numbers: ticks.map((value) => ({ y: toY(value), value })),
    times: timeTicks(from, to, right - left, locale).map(({ at, label }) => ({
      x: toX(at),
      label,
    })),
  }
}

/**
 * The stop nearest to a horizontal position, by index; -1 when there is none.
 * @param {readonly Stop[]} stops
 * @param {number} x
 */
export function nearest(stops, x) {
  let best = -1
  stops.forEach((stop, index) => {
    if (best < 0 || Math.abs(stop.x - x) < Math.abs((stops[best]?.x ?? 0) - x)) best = index
  })
  return best
}

/** @param {number[]} times @returns {[number, number]} */
function span(times) {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0]
  return first === last ? [first - SURROUNDINGS, last + SURROUNDINGS] : [first, last]
}

/** Number ticks that span the readings, and the reference range when that does not flatten them. @param {Series} series */
function ticksOf(series) {
  const numbers = series.lines.flatMap((line) => line.points.map((point) => point.number))
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
  const edges = [series.range?.low, series.range?.high].filter((edge) => edge !== undefined)
  const [wideLow, wideHigh] = [Math.min(low, ...edges), Math.max(high, ...edges)]
  const readable = high === low || wideHigh - wideLow <= (high - low) * 4
  return readable ? numberTicks(wideLow, wideHigh) : numberTicks(low, high)
}

/**
 * @param {Series} series
 * @param {(value: number) => number} toY
 * @param {number} top
 * @param {number} bottom
 */
function bandOf({ range }, toY, top, bottom) {
  if (range?.low === undefined && range?.high === undefined) return {}
  const clamp = (/** @type {number} */ y) => Math.min(bottom, Math.max(top, y))
  const band = {
    top: range.high === undefined ? top : clamp(toY(range.high)),
    bottom: range.low === undefined ? bottom : clamp(toY(range.low)),
  }
  return band.bottom > band.top ? { band } : {}
}
