/**
 * Observations gathered into series: everything measured by one code in one unit, oldest first.
 * @typedef {import('./fact.js').Fact} Fact
 * @typedef {import('./fact.js').Range} Range
 * @typedef {Fact & { number: number, moment: import('./time.js').Moment }} Point
 * @typedef {{ name: string, rank: number, points: Point[] }} Line
 * @typedef {{ key: string, title: string, unit: string, lines: Line[], range?: Range, order: number }} Series
 * @typedef {{ moment: import('./time.js').Moment, points: (Point | undefined)[] }} Stop what every line says at one moment
 * @typedef {{ title: string, fact: Fact }} Result
 * @typedef {{ key: string, title: string, order: number, line: string, rank: number }} Place
 */

import { words } from '../words/words.js'
import { keyOf, nameOf } from './concept.js'
import { factsOf } from './fact.js'

/**
 * Sorts observations into series that can be plotted and results that cannot (words, numbers without a date).
 * @param {readonly Record<string, any>[]} observations
 * @param {(fact: Fact) => Place | undefined} [placeOf] where known facts belong; others go by their code
 * @returns {{ series: Series[], results: Result[] }}
 */
export function gather(observations, placeOf = () => undefined) {
  /** @type {Map<string, Series>} */
  const found = new Map()
  /** @type {Result[]} */
  const results = []
  for (const fact of observations.flatMap(factsOf)) {
    const place = placeOf(fact) ?? placeByCode(fact)
    if (isPoint(fact)) add(found, place, fact)
    else results.push({ title: place.line || place.title, fact })
  }
  const series = [...found.values()]
    .map(finish)
    .sort((a, b) => a.order - b.order || a.title.localeCompare(b.title))
  return { series, results: results.sort((a, b) => newest(b.fact) - newest(a.fact)) }
}

/**
 * Takes series with fewer than two readings out of the plots and lists them as results.
 * @param {{ series: Series[], results: Result[] }} gathered
 */
export function setAsideSingles({ series, results }) {
  const singles = series.filter((one) => countOf(one) < 2)
  const rows = singles.flatMap((one) =>
    one.lines.flatMap(({ points }) => points.map((fact) => ({ title: one.title, fact }))),
  )
  return {
    series: series.filter((one) => countOf(one) >= 2),
    results: [...rows, ...results].sort((a, b) => newest(b.fact) - newest(a.fact)),
  }
}

/** The moments of a series, oldest first, each with what every line says then. @param {Series} series @returns {Stop[]} */
export function momentsOf(series) {
  /** @type {Map<number, Stop>} */
  const byTime = new Map()
  series.lines.forEach((line, index) => {
    for (const point of line.points) {
      const entry = byTime.get(point.moment.at) ?? {
        moment: point.moment,
        points: series.lines.map(() => undefined),
      }
      entry.points[index] = point
      byTime.set(point.moment.at, entry)
    }
  })
  return [...byTime.values()].sort((a, b) => a.moment.at - b.moment.at)
}

/** How many readings its longest line has. @param {Series} series */
export function countOf(series) {
  return Math.max(0, ...series.lines.map((line) => line.points.length))
}

/** @param {Fact} fact @returns {fact is Point} */
function isPoint(fact) {
  return fact.number !== undefined && fact.moment !== undefined
}

/** @param {Fact} fact @returns {Place} */
function placeByCode(fact) {
  return {
    key: keyOf(fact.concept),
    title: nameOf(fact.concept) || words.record.unnamedResult,
    order: 1000,
    line: '',
    rank: 0,
  }
}

/** @param {Map<string, Series>} found @param {Place} place @param {Point} point */
function add(found, place, point) {
  // Readings in another unit never share an axis: 37 °C and 98.6 °F are one fever, not two points of a line.
  const key = `${place.key} ${point.unit}`
  const series = found.get(key) ?? {
    key,
    title: place.title,
    unit: point.unit,
    lines: [],
    order: place.order,
  }
  found.set(key, series)
  let line = series.lines.find((candidate) => candidate.name === place.line)
  if (!line) {
    line = { name: place.line, rank: place.rank, points: [] }
    series.lines.push(line)
  }
  line.points.push(point)
}

/** @param {Series} series @returns {Series} */
function finish(series) {
  const lines = series.lines
    .map((line) => ({ ...line, points: line.points.sort((a, b) => a.moment.at - b.moment.at) }))
    .sort((a, b) => a.rank - b.rank)
  const range = lines.length === 1 ? lines[0]?.points.findLast((point) => point.range)?.range : undefined
  return { ...series, lines, ...(range && { range }) }
}

/** @param {Fact} fact */
function newest(fact) {
  return fact.moment?.at ?? Number.NEGATIVE_INFINITY
}
