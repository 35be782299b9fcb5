/** A series as a card: its last reading, its plot and its table. */
import { withUnit } from '../record/quantity.js'
import { momentsOf } from '../record/series.js'
import { words } from '../words/words.js'
import { element, show } from './element.js'
import { plot } from './plot.js'
import { readingOf } from './reading.js'
import { readingsTable } from './tables.js'

let cards = 0

/**
 * @param {import('../record/series.js').Series} series with at least one reading
 * @returns {HTMLElement}
 */
export function card(series) {
  const moments = momentsOf(series)
  const heading = `card-${++cards}`
  const value = element('p', { class: 'value' })
  const note = element('p', { class: 'note' })
  const tell = (/** @type {number} */ index, /** @type {boolean} */ latest) =>
    tellReading(series, moments[index], latest, value, note)
  tell(moments.length - 1, true)
  return element(
    'article',
    { class: 'card', 'aria-labelledby': heading },
    element('header', {}, element('h3', { id: heading }, titleOf(series.title)), value),
    note,
    plot(series, moments, tell),
    element(
      'footer',
      {},
      key(series),
      series.range && element('span', {}, words.reading.reference(withUnit(series.range.text, series.unit))),
    ),
    readingsTable(series, moments),
  )
}

/**
 * @param {import('../record/series.js').Series} series
 * @param {import('../record/series.js').Stop | undefined} stop
 * @param {boolean} latest
 * @param {HTMLElement} value
 * @param {HTMLElement} note
 */
function tellReading(series, stop, latest, value, note) {
  if (!stop) return
  const reading = readingOf(series, stop)
  show(value, element('b', {}, reading.value), reading.unit && ` ${reading.unit}`)
  show(
    note,
    latest && words.reading.latest,
    reading.date,
    reading.flag && element('span', { class: 'flag' }, reading.flag),
  )
}

/** Which line is which, when there are several. @param {import('../record/series.js').Series} series */
function key({ lines }) {
  if (lines.length < 2) return null
  return lines.map((line, index) => element('span', { class: `key key-${index}` }, line.name))
}

/**
 * A laboratory's full name for a test, with the method after the bracket set back: `Hemoglobin [Mass/volume] in Blood`.
 * @param {string} title
 */
function titleOf(title) {
  const [, name, method] = /^([^[]{3,}?) (\[.+)$/.exec(title) ?? []
  return name ? [name, element('small', {}, ` ${method}`)] : title
}
