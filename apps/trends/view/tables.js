/** The readings and results as tables, for reading them one by one and for screen readers. */
import { withUnit } from '../record/quantity.js'
import { formatMoment } from '../record/time.js'
import { words } from '../words/words.js'
import { element } from './element.js'
import { flagWord } from './reading.js'

/**
 * The readings of one series, newest first, filled in when it is opened.
 * @param {import('../record/series.js').Series} series
 * @param {import('../record/series.js').Stop[]} moments
 */
export function readingsTable(series, moments) {
  const details = element(
    'details',
    { class: 'readings' },
    element('summary', {}, words.reading.all(moments.length), hidden(words.reading.of(series.title))),
  )
  details.addEventListener(
    'toggle',
    () =>
      details.querySelector('table') ??
      details.append(scroller(words.reading.list(series.title), build(series, moments))),
  )
  return moments.length > 1 ? details : null
}

/** @param {import('../record/series.js').Series} series @param {import('../record/series.js').Stop[]} moments */
function build(series, moments) {
  const heads = [
    words.reading.date,
    ...series.lines.map((line) => line.name || `${words.reading.value}${series.unit && ` (${series.unit})`}`),
    words.reading.note,
  ]
  const rows = moments.toReversed().map(({ moment, points }) => [
    formatMoment(moment, 'instant'),
    ...points.map((point) => point?.text ?? ''),
    points
      .map((point) => point && flagWord(point.flag))
      .filter(Boolean)
      .join(', '),
  ])
  return table(heads, rows)
}

/**
 * Results that have no plot: one of a kind, or in words.
 * @param {readonly import('../record/series.js').Result[]} results
 */
export function resultsTable(results) {
  const { result, value, date, note } = words.reading
  const rows = results.map(({ title, fact }) => [
    title || words.record.unnamedResult,
    withUnit(fact.text, fact.unit),
    fact.moment ? formatMoment(fact.moment) : words.reading.noDate,
    [flagWord(fact.flag), fact.range && words.reading.reference(fact.range.text)].filter(Boolean).join(', '),
  ])
  return scroller(words.reading.otherResults, table([result, value, date, note], rows))
}

/** @param {readonly string[]} heads @param {readonly (readonly string[])[]} rows */
function table(heads, rows) {
  return element(
    'table',
    {},
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        heads.map((head) => element('th', { scope: 'col' }, head)),
      ),
    ),
    element(
      'tbody',
      {},
      rows.map(([first, ...rest]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, first),
          rest.map((cell) => element('td', {}, cell)),
        ),
      ),
    ),
  )
}

/** A table may be wider or longer than its place; the keyboard must reach what is hidden. @param {string} label @param {HTMLElement} content */
function scroller(label, content) {
  return element('div', { class: 'scroller', role: 'region', 'aria-label': label, tabindex: '0' }, content)
}

/** @param {string} text */
function hidden(text) {
  return element('span', { class: 'hidden' }, text)
}
