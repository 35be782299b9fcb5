/** Any `value[x]` of FHIR in words. */
import { formatDay } from '../../ui/format.ts'
import type { Locale } from '../../ui/locale.ts'
import { conceptText } from './concept.ts'
import { formatDateTime } from './date.ts'
import { amountOf, formatAmount, formatNumber } from './quantity.ts'
import { choiceOf, type Members, objectOf, objectsOf, textOf } from './shape.ts'

/** The few words a value cannot do without. */
export interface ValueWords {
  readonly yes: string
  readonly no: string
  readonly noValue: string
  readonly absent: Readonly<Record<string, string>>
}

/** The value of an Observation or of one of its components: its value, its components, or why there is none. */
export function valueText(holder: Members, words: ValueWords, locale: Locale): string {
  const choice = choiceOf(holder, 'value')
  const text = choice && choiceText(choice.kind, choice.value, words, locale)
  return text ?? componentsText(holder, words, locale) ?? absenceText(holder, words)
}

function componentsText(holder: Members, words: ValueWords, locale: Locale): string | undefined {
  const parts = objectsOf(holder.component).map(
    (part) => `${conceptText(part.code) ?? '?'}: ${valueText(part, words, locale)}`,
  )
  return parts.length > 0 ? parts.join('; ') : undefined
}

function absenceText(holder: Members, words: ValueWords): string {
  const reason = objectOf(holder.dataAbsentReason)
  if (!reason) return words.noValue
  const code = textOf(objectsOf(reason.coding)[0]?.code)
  return (code && words.absent[code]) ?? conceptText(reason) ?? words.noValue
}

function choiceText(kind: string, value: unknown, words: ValueWords, locale: Locale): string | undefined {
  switch (kind) {
    case 'Quantity': {
      const amount = amountOf(value)
      return amount && formatAmount(amount, locale)
    }
    case 'CodeableConcept':
      return conceptText(value)
    case 'Boolean':
      return typeof value === 'boolean' ? (value ? words.yes : words.no) : undefined
    case 'Integer':
    case 'Decimal':
      return typeof value === 'number' ? formatNumber(value, locale) : undefined
    case 'DateTime':
      return typeof value === 'string' ? formatDateTime(value, locale) : undefined
    case 'Range':
      return rangeText(objectOf(value), locale)
    case 'Ratio':
      return pairText(objectOf(value), ['numerator', 'denominator'], ' / ', locale)
    case 'Period':
      return periodText(value, locale)
    default:
      return textOf(value)
  }
}

/** From one date to another; an open end stays open. */
export function periodText(value: unknown, locale: Locale): string | undefined {
  const period = objectOf(value)
  const start = textOf(period?.start)
  const end = textOf(period?.end)
  if (!start && !end) return undefined
  return `${start ? formatDay(locale, start) : ''} – ${end ? formatDay(locale, end) : ''}`.trim()
}

/** `4 – 11 10⁹/L`, `≥ 4`, `≤ 11`, from a Range (or a reference range with `low` and `high`). */
export function rangeText(range: Members | undefined, locale: Locale): string | undefined {
  const low = amountOf(range?.low)
  const high = amountOf(range?.high)
  if (low && high) return `${formatNumber(low.value, locale)} – ${formatAmount(high, locale)}`
  if (low) return `≥ ${formatAmount(low, locale)}`
  return high && `≤ ${formatAmount(high, locale)}`
}

function pairText(holder: Members | undefined, members: [string, string], between: string, locale: Locale) {
  const [first, second] = members.map((member) => amountOf(holder?.[member]))
  return first && second && `${formatAmount(first, locale)}${between}${formatAmount(second, locale)}`
}
