/** Numbers and quantities. @see https://hl7.org/fhir/R4/search.html#number https://hl7.org/fhir/R4/search.html#quantity */
import type { NumberCondition } from '../plan.ts'
import type { NumberValue } from '../rows.ts'
import { splitValue, unescapeValue } from './escapes.ts'
import { isObject, text } from './json.ts'
import { takePrefix } from './prefix.ts'

type Quantity = Readonly<Record<string, unknown>>

const largest = Number.MAX_VALUE
const currencies = 'urn:iso:std:iso:4217'

/** The numbers in an element of type `as`, with their units if they have any. */
export function numberValues(element: unknown, as: string): NumberValue[] {
  if (typeof element === 'number')
    return [{ kind: 'number', low: element, high: element, system: '', code: '', unit: '' }]
  if (!isObject(element)) return []
  if (as === 'Range') return rangeValue(element)
  if (as === 'Money')
    return quantityValue({ value: element.value, system: currencies, code: element.currency })
  return as === 'SampledData' ? [] : quantityValue(element)
}

function quantityValue(quantity: Quantity): NumberValue[] {
  const { value, comparator } = quantity
  if (typeof value !== 'number') return []
  const low = comparator === '<' || comparator === '<=' ? -largest : value
  const high = comparator === '>' || comparator === '>=' ? largest : value
  return [{ kind: 'number', low, high, ...unitOf(quantity) }]
}

function rangeValue(range: Quantity): NumberValue[] {
  const low = isObject(range.low) ? range.low : {}
  const high = isObject(range.high) ? range.high : {}
  if (typeof low.value !== 'number' && typeof high.value !== 'number') return []
  return [
    {
      kind: 'number',
      low: bound(low, -largest),
      high: bound(high, largest),
      ...unitOf('value' in low ? low : high),
    },
  ]
}

function bound(quantity: Quantity, otherwise: number): number {
  return typeof quantity.value === 'number' ? quantity.value : otherwise
}

function unitOf({ system, code, unit }: Quantity): Pick<NumberValue, 'system' | 'code' | 'unit'> {
  return { system: text(system), code: text(code), unit: text(unit) }
}

/** Reads a number with an optional prefix; nothing when it is none. */
export function parseNumber(value: string): NumberCondition | undefined {
  const { comparison, rest } = takePrefix(value)
  if (!/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(rest)) return undefined
  const number = Number(rest)
  if (!Number.isFinite(number)) return undefined
  const margin = comparison === 'ap' ? Math.abs(number) / 10 : halfOfLastDigit(rest)
  return { kind: 'number', comparison, value: number, low: number - margin, high: number + margin }
}

/** `100` means 99.5 up to 100.5, `100.0` means 99.95 up to 100.05, `1e2` means 50 up to 150. */
function halfOfLastDigit(written: string): number {
  const [digits = '', exponent = '0'] = written.toLowerCase().split('e')
  const decimals = digits.split('.')[1]?.length ?? 0
  return 0.5 * 10 ** (Number(exponent) - decimals)
}

/** Reads `number`, `number|system|code` or `number||code`; nothing when it is none of them. */
export function parseQuantity(value: string): NumberCondition | undefined {
  const parts = splitValue(value, '|').map(unescapeValue)
  const [number = '', system, code] = parts
  const parsed = parseNumber(number)
  if (!parsed || (parts.length !== 1 && parts.length !== 3)) return undefined
  return { ...parsed, ...(system && { system }), ...(code && { code }) }
}

/** Compares a value with the asked one; its unit is compared as written, never converted. */
export function numberMatches(value: NumberValue, asked: NumberCondition): boolean {
  return unitMatches(value, asked) && magnitudeMatches(value, asked)
}

function unitMatches(value: NumberValue, { system, code }: NumberCondition): boolean {
  if (system !== undefined && value.system !== system) return false
  if (code === undefined || value.code === code) return true
  return system === undefined && value.unit === code
}

function magnitudeMatches(value: NumberValue, asked: NumberCondition): boolean {
  const within = value.low >= asked.low && value.high < asked.high
  switch (asked.comparison) {
    case 'eq':
      return within
    case 'ne':
      return !within
    case 'gt':
      return value.high > asked.value
    case 'lt':
      return value.low < asked.value
    case 'ge':
      return value.high >= asked.value
    case 'le':
      return value.low <= asked.value
    case 'sa':
      return value.low > asked.value
    case 'eb':
      return value.high < asked.value
    case 'ap':
      return value.low <= asked.high && value.high >= asked.low
  }
}
