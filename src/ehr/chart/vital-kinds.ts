/** The vital signs we know by name, in the order of a chart. */
export type VitalKind =
  | 'bloodPressure'
  | 'heartRate'
  | 'respiratoryRate'
  | 'temperature'
  | 'oxygenSaturation'
  | 'weight'
  | 'height'
  | 'bodyMassIndex'
  | 'headCircumference'

/** LOINC codes of each kind, those of its parts included. */
const codes: Readonly<Record<VitalKind, readonly string[]>> = {
  bloodPressure: ['85354-9', '55284-4', '8480-6', '8462-4'],
  heartRate: ['8867-4'],
  respiratoryRate: ['9279-1'],
  temperature: ['8310-5', '8331-1'],
  oxygenSaturation: ['2708-6', '59408-5'],
  weight: ['29463-7', '3141-9'],
  height: ['8302-2', '8306-3'],
  bodyMassIndex: ['39156-5'],
  headCircumference: ['9843-4', '8287-5'],
}

/** Digits behind the point that a reading of each kind means; the more that a record has are noise. */
const digits: Readonly<Record<VitalKind, number>> = {
  bloodPressure: 0,
  heartRate: 0,
  respiratoryRate: 0,
  temperature: 1,
  oxygenSaturation: 0,
  weight: 1,
  height: 1,
  bodyMassIndex: 1,
  headCircumference: 1,
}

/** The digits to round a reading to; nothing for a kind we do not know. */
export function digitsOf(kind: VitalKind | undefined): number | undefined {
  return kind && digits[kind]
}

/** All kinds in chart order. */
export const vitalKinds = Object.keys(codes) as VitalKind[]

/** The kind of the first code that we know. */
export function vitalKindOf(given: readonly string[]): VitalKind | undefined {
  return vitalKinds.find((kind) => given.some((code) => codes[kind].includes(code)))
}
