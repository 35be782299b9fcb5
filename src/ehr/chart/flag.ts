import { codesOf } from '../fhir/concept.ts'
import type { Amount } from '../fhir/quantity.ts'
import { objectsOf } from '../fhir/shape.ts'

/** How a value stands to what is usual. */
export type Flag = 'normal' | 'high' | 'low' | 'very-high' | 'very-low' | 'abnormal' | 'critical'

const flags: Readonly<Record<string, Flag>> = {
  N: 'normal',
  ND: 'normal',
  NEG: 'normal',
  H: 'high',
  HU: 'high',
  L: 'low',
  LU: 'low',
  HH: 'very-high',
  LL: 'very-low',
  A: 'abnormal',
  POS: 'abnormal',
  DET: 'abnormal',
  AA: 'critical',
}

/** What the laboratory said (HL7 v3 ObservationInterpretation); else where the number lies in the reference range. */
export function flagOf(
  interpretation: unknown,
  amount: Amount | undefined,
  low: number | undefined,
  high: number | undefined,
): Flag | undefined {
  const said = objectsOf(interpretation)
    .flatMap(codesOf)
    .map((code) => flags[code])
  return said.find((flag) => flag !== undefined) ?? measuredFlag(amount, low, high)
}

function measuredFlag(
  amount: Amount | undefined,
  low: number | undefined,
  high: number | undefined,
): Flag | undefined {
  if (!amount || amount.comparator || (low === undefined && high === undefined)) return undefined
  if (low !== undefined && amount.value < low) return 'low'
  return high !== undefined && amount.value > high ? 'high' : 'normal'
}
