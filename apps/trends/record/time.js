/**
 * FHIR dates and times as moments. A date may be known to the year, the month, the day or the instant; what
 * is shown never claims more than was recorded.
 * @typedef {'year' | 'month' | 'day' | 'instant'} Precision
 * @typedef {{ at: number, precision: Precision }} Moment
 */

import { words } from '../words/words.js'
import { LANGUAGE } from './language.js'

const SHAPE = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(T.+)?)?)?$/

/** @type {Record<Precision, Intl.DateTimeFormatOptions>} */
const FORMATS = {
  year: { year: 'numeric' },
  month: { year: 'numeric', month: 'short' },
  day: { year: 'numeric', month: 'short', day: 'numeric' },
  instant: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
}

/**
 * A FHIR date, dateTime or instant as a moment; nothing when the text is not one.
 * @param {unknown} text
 * @returns {Moment | undefined}
 */
export function parseMoment(text) {
  const parts = typeof text === 'string' ? SHAPE.exec(text) : null
  if (!parts) return undefined
  const [whole, year, month, day, time] = parts
  // A date alone names a calendar day wherever the reader is, so it must not be read as midnight in Greenwich.
  const at = time
    ? Date.parse(whole)
    : new Date(Number(year), Number(month ?? 1) - 1, Number(day ?? 1)).getTime()
  if (Number.isNaN(at)) return undefined
  return { at, precision: time ? 'instant' : day ? 'day' : month ? 'month' : 'year' }
}

/**
 * When an Observation holds, or else when it was issued.
 * @param {Record<string, any>} observation
 * @returns {Moment | undefined}
 */
export function momentOf(observation) {
  return (
    parseMoment(observation.effectiveDateTime) ??
    parseMoment(observation.effectiveInstant) ??
    parseMoment(observation.effectivePeriod?.start) ??
    parseMoment(observation.effectivePeriod?.end) ??
    parseMoment(observation.effectiveTiming?.event?.[0]) ??
    parseMoment(observation.issued)
  )
}

/**
 * A moment for people, in the reader's language, no finer than it was recorded.
 * @param {Moment} moment
 * @param {Precision} [finest] the most to show, default the day
 * @param {string} [locale]
 */
export function formatMoment(moment, finest = 'day', locale = LANGUAGE) {
  const order = /** @type {Precision[]} */ (Object.keys(FORMATS))
  const precision = order[Math.min(order.indexOf(moment.precision), order.indexOf(finest))] ?? 'day'
  return new Intl.DateTimeFormat(locale, FORMATS[precision]).format(moment.at)
}

/**
 * Age in whole years, or in months below two years, in words; empty when the birth date is unknown.
 * @param {unknown} birthDate
 * @param {number} at milliseconds
 */
export function formatAge(birthDate, at) {
  const born = parseMoment(birthDate)
  if (!born || born.at > at) return ''
  const months = monthsBetween(new Date(born.at), new Date(at))
  if (born.precision !== 'year' && months < 24) return words.person.months(months)
  return words.person.years(Math.floor(months / 12))
}

/** @param {Date} from @param {Date} to */
function monthsBetween(from, to) {
  const months = (to.getFullYear() - from.getFullYear()) * 12 + to.getMonth() - from.getMonth()
  return to.getDate() < from.getDate() ? months - 1 : months
}
