import { numberOf, objectOf, textOf } from './shape.ts'

/** A number with what it counts in; `unit` is for people. */
export interface Amount {
  readonly value: number
  readonly unit?: string | undefined
  readonly comparator?: string | undefined
}

/** A Quantity that has a number, with the unit's words tidied for reading. */
export function amountOf(value: unknown): Amount | undefined {
  const quantity = objectOf(value)
  const number = numberOf(quantity?.value)
  if (!quantity || number === undefined) return undefined
  return { value: number, unit: unitOf(quantity), comparator: textOf(quantity.comparator) }
}

/** Such as `7.2 mmol/L` or `< 0.1 %`, in the digits and marks of `locale`. */
export function formatAmount(amount: Amount, locale: string): string {
  const sign = amount.comparator ? `${amount.comparator}\u00a0` : ''
  // The space does not break: a number alone at the end of a line is misread.
  const unit = amount.unit ? `\u00a0${amount.unit}` : ''
  return `${sign}${formatNumber(amount.value, locale)}${unit}`
}

/** Rounded to `digits` behind the point; by itself to about four significant ones: generated records have sixteen. */
export function formatNumber(value: number, locale: string, digits = usualDigits(value)): string {
  return value.toLocaleString(locale, { maximumFractionDigits: digits })
}

function usualDigits(value: number): number {
  const size = Math.abs(value)
  if (size >= 1000) return 0
  if (size >= 100) return 1
  return size >= 1 ? 2 : 4
}

const spoken: Readonly<Record<string, string>> = {
  Cel: '°C',
  '[degF]': '°F',
  'mm[Hg]': 'mmHg',
  '/min': '/min',
  '{beats}/min': '/min',
  '{breaths}/min': '/min',
  '[lb_av]': 'lb',
  '[in_i]': 'in',
  '{score}': '',
  '{#}': '',
  '1': '',
  'kg/m2': 'kg/m²',
  '10*3/uL': '10³/µL',
  '10*6/uL': '10⁶/µL',
  '10*9/L': '10⁹/L',
  '10*12/L': '10¹²/L',
  'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
}

function unitOf(quantity: Readonly<Record<string, unknown>>): string | undefined {
  const unit = textOf(quantity.unit) ?? textOf(quantity.code)
  if (unit === undefined) return undefined
  const words = spoken[unit] ?? unit.replaceAll(/[[\]{}]/g, '')
  return words === '' ? undefined : words
}
