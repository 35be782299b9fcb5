/** One reading in words: values of all lines, unit, date, and how it stands to its range. */
import { withUnit } from '../record/quantity.js'
import { formatMoment } from '../record/time.js'
import { words } from '../words/words.js'

/** @type {Record<import('../record/fact.js').Flag, string>} */
const FLAG_WORDS = words.reading.flags

/**
 * @param {import('../record/series.js').Series} series
 * @param {import('../record/series.js').Stop} stop
 */
export function readingOf(series, { moment, points }) {
  const value = points.map((point) => point?.text ?? '–').join('/')
  const flag = FLAG_WORDS[points.find((point) => point?.flag)?.flag ?? '']
  const date = formatMoment(moment)
  return {
    value,
    unit: series.unit,
    date,
    flag,
    words: [`${date}: ${withUnit(value, series.unit)}`, flag].filter(Boolean).join(', '),
  }
}

/** A flag as people read it; empty for none. @param {import('../record/fact.js').Flag} flag */
export function flagWord(flag) {
  return FLAG_WORDS[flag]
}
