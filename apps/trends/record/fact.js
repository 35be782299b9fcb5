/**
 * One measured fact: an Observation's own value, or one of its components'.
 * @typedef {import('./time.js').Moment} Moment
 * @typedef {{ low?: number, high?: number, text: string }} Range
 * @typedef {'high' | 'low' | 'abnormal' | ''} Flag
 * @typedef {{ concept: Record<string, any>, moment: Moment | undefined, number?: number, text: string, unit: string, range?: Range, flag: Flag }} Fact
 */

import { words } from '../words/words.js'
import { codingsOf, nameOf } from './concept.js'
import { formatNumber, formatUnit, withUnit } from './quantity.js'
import { formatMoment, momentOf, parseMoment } from './time.js'

const NOT_A_RESULT = ['entered-in-error', 'cancelled', 'registered']

/** @type {Record<string, Flag>} */
const FLAGS = {
  H: 'high',
  HH: 'high',
  HU: 'high',
  L: 'low',
  LL: 'low',
  LU: 'low',
  A: 'abnormal',
  AA: 'abnormal',
  POS: 'abnormal',
}

/**
 * Every fact an Observation states; none when it was withdrawn or says nothing.
 * @param {Record<string, any>} observation
 * @returns {Fact[]}
 */
export function factsOf(observation) {
  if (observation?.resourceType !== 'Observation' || NOT_A_RESULT.includes(observation.status)) return []
  const moment = momentOf(observation)
  const parts = Array.isArray(observation.component) ? observation.component : []
  return [observation, ...parts].flatMap((part) => {
    const value = measuredIn(part)
    if (!value) return []
    const range = rangeOf(part, value.unit)
    return [
      {
        concept: part.code ?? {},
        moment,
        ...value,
        ...(range && { range }),
        flag: flagOf(part, value.number, range),
      },
    ]
  })
}

/**
 * @param {Record<string, any>} part
 * @returns {{ number?: number, text: string, unit: string } | undefined}
 */
function measuredIn(part) {
  const quantity = part.valueQuantity
  if (quantity && Number.isFinite(quantity.value)) {
    const text = `${quantity.comparator ?? ''}${formatNumber(quantity.value)}`
    return { number: quantity.value, text, unit: formatUnit(quantity) }
  }
  if (Number.isFinite(part.valueInteger)) {
    return { number: part.valueInteger, text: formatNumber(part.valueInteger), unit: '' }
  }
  const text = wordsOf(part)
  return text ? { text, unit: '' } : undefined
}

/** @param {Record<string, any>} part */
function wordsOf(part) {
  if (part.valueCodeableConcept) return nameOf(part.valueCodeableConcept)
  if (typeof part.valueString === 'string') return part.valueString.trim()
  if (typeof part.valueBoolean === 'boolean') return part.valueBoolean ? words.reading.yes : words.reading.no
  if (part.valueRange) return `${bound(part.valueRange.low)}–${bound(part.valueRange.high)}`
  if (part.valueRatio) return `${bound(part.valueRatio.numerator)} : ${bound(part.valueRatio.denominator)}`
  const moment = parseMoment(part.valueDateTime ?? part.valuePeriod?.start)
  if (moment) return formatMoment(moment)
  return typeof part.valueTime === 'string' ? part.valueTime : ''
}

/** @param {Record<string, any> | undefined} quantity */
function bound(quantity) {
  return Number.isFinite(quantity?.value)
    ? withUnit(formatNumber(quantity?.value), formatUnit(quantity ?? {}))
    : '…'
}

/**
 * The normal range stated with a value, when it is in the value's own unit.
 * @param {Record<string, any>} part
 * @param {string} unit
 * @returns {Range | undefined}
 */
function rangeOf(part, unit) {
  const ranges = Array.isArray(part.referenceRange) ? part.referenceRange : []
  const range = ranges.find(
    (candidate) => !candidate.type || codingsOf(candidate.type).some((c) => c.code === 'normal'),
  )
  if (!range) return undefined
  const low = limit(range.low, unit)
  const high = limit(range.high, unit)
  const text = edges(low, high) || range.text
  return text ? { ...(low !== undefined && { low }), ...(high !== undefined && { high }), text } : undefined
}

/** @param {number | undefined} low @param {number | undefined} high */
function edges(low, high) {
  if (low !== undefined && high !== undefined) return `${formatNumber(low)}–${formatNumber(high)}`
  if (low !== undefined) return words.reading.orMore(formatNumber(low))
  return high === undefined ? '' : words.reading.upTo(formatNumber(high))
}

/** @param {Record<string, any> | undefined} quantity @param {string} unit */
function limit(quantity, unit) {
  if (!quantity || !Number.isFinite(quantity.value)) return undefined
  const own = formatUnit(quantity)
  return own === '' || own === unit ? /** @type {number} */ (quantity.value) : undefined
}

/**
 * What the source says of it, else where the number stands to its range.
 * @param {Record<string, any>} part
 * @param {number | undefined} number
 * @param {Range | undefined} range
 * @returns {Flag}
 */
function flagOf(part, number, range) {
  const stated = (Array.isArray(part.interpretation) ? part.interpretation : []).flatMap(codingsOf)
  if (stated.length > 0) return stated.map((coding) => FLAGS[coding.code]).find(Boolean) ?? ''
  if (number === undefined || !range) return ''
  if (range.high !== undefined && number > range.high) return 'high'
  return range.low !== undefined && number < range.low ? 'low' : ''
}
