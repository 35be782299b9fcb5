/** Numbers and units as people read them. Two spellings of one unit come out alike, so they can share a plot. */
import { LANGUAGE } from './language.js'

/** Spellings that general rules don't reach, by UCUM code or by what systems write instead. */
const SPELLINGS = new Map(
  Object.entries({
    Cel: '°C',
    C: '°C',
    degC: '°C',
    '[degF]': '°F',
    degF: '°F',
    F: '°F',
    '[lb_av]': 'lb',
    lbs: 'lb',
    '[in_i]': 'in',
    '{beats}/min': '/min',
    'beats/min': '/min',
    'beats/minute': '/min',
    'breaths/minute': '/min',
    '{breaths}/min': '/min',
    bpm: '/min',
    'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
    'mL/min/1.73m2': 'mL/min/1.73 m²',
  }),
)

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** @param {string} digits */
const raised = (digits) => [...digits].map((digit) => SUPERSCRIPTS[Number(digit)] ?? '').join('')

/**
 * The unit of a Quantity for people; empty when it has none or counts something unnamed.
 * @param {Record<string, any>} quantity
 */
export function formatUnit(quantity) {
  const written = quantity.unit ?? (quantity.code === '1' ? '' : quantity.code) ?? ''
  const known = SPELLINGS.get(written) ?? SPELLINGS.get(quantity.code)
  return known ?? polish(String(written))
}

/** @param {string} unit */
function polish(unit) {
  return unit
    .replace(/\{[^}]*\}/g, '') // a UCUM annotation carries no meaning of its own
    .replace(/[[\]]/g, '')
    .replace(/10\*(\d+)/g, (_, digits) => `10${raised(digits)}`)
    .replace(/\bu(?=(?:L|g|mol|m|U|IU|kat)\b)/g, 'µ')
    .replace(/\bm2\b/g, 'm²')
    .replace(/^\/$/, '')
    .trim()
}

/**
 * A number with as many digits as a reader can use: readings arrive with a dozen decimals.
 * @param {number} value
 * @param {string} [locale]
 */
export function formatNumber(value, locale = LANGUAGE) {
  const size = Math.abs(value)
  const options =
    size >= 1000
      ? { maximumFractionDigits: 0 }
      : size >= 10
        ? { maximumFractionDigits: 1 }
        : size >= 1
          ? { maximumFractionDigits: 2 }
          : { maximumSignificantDigits: 2 }
  return new Intl.NumberFormat(locale, options).format(value)
}

/**
 * A value and its unit; a percent sign stands close, anything else after a thin space.
 * @param {string} value
 * @param {string} unit
 */
export function withUnit(value, unit) {
  if (!unit) return value
  return unit === '%' || unit.startsWith('°')
    ? `${value}${unit === '%' ? '' : ' '}${unit}`
    : `${value} ${unit}`
}
