import { conceptText } from '../fhir/concept.ts'
import { amountOf, formatAmount, formatNumber } from '../fhir/quantity.ts'
import { type Members, numberOf, objectOf, objectsOf, textOf } from '../fhir/shape.ts'

/** How a medication is taken: the dosage's own words, else dose and rhythm in numbers and UCUM units. */
export function dosageText(request: Members, locale: string): string | undefined {
  const lines = objectsOf(request.dosageInstruction)
    .map((dosage) => textOf(dosage.text) ?? builtText(dosage, locale))
    .filter((line) => line !== undefined)
  return lines.length > 0 ? lines.join('; ') : undefined
}

function builtText(dosage: Members, locale: string): string | undefined {
  const dose = amountOf(objectsOf(dosage.doseAndRate)[0]?.doseQuantity)
  const parts = [
    dose && formatAmount(dose, locale),
    rhythmText(objectOf(dosage.timing), locale),
    conceptText(dosage.route),
  ].filter((part) => part !== undefined)
  return parts.length > 0 ? parts.join(', ') : undefined
}

function rhythmText(timing: Members | undefined, locale: string): string | undefined {
  const named = conceptText(timing?.code)
  const repeat = objectOf(timing?.repeat)
  const frequency = numberOf(repeat?.frequency)
  const period = numberOf(repeat?.period)
  const unit = textOf(repeat?.periodUnit)
  if (named || frequency === undefined || period === undefined || !unit) return named
  return `${frequency} × / ${period === 1 ? '' : `${formatNumber(period, locale)} `}${unit}`
}
