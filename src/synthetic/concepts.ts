/** One code of a code system. */
export interface Coding {
  readonly system: string
  readonly code: string
  readonly display?: string
}

/** A concept: its codes, and the words a person reads. */
export interface Concept {
  readonly coding?: readonly Coding[]
  readonly text: string
}

const HL7 = 'http://terminology.hl7.org/CodeSystem'

/** A concept with the first code's display as its text. */
export function concept(...coding: readonly Coding[]): Concept {
  return { coding, text: coding[0]?.display ?? coding[0]?.code ?? '' }
}

/** A SNOMED CT code. */
export function snomed(code: string, display: string): Coding {
  return { system: 'http://snomed.info/sct', code, display }
}

/** A LOINC code. */
export function loinc(code: string, display: string): Coding {
  return { system: 'http://loinc.org', code, display }
}

/** An RxNorm code. */
export function rxnorm(code: string, display: string): Coding {
  return { system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code, display }
}

/** An ICD-10-CM code. */
export function icd10(code: string, display: string): Coding {
  return { system: 'http://hl7.org/fhir/sid/icd-10-cm', code, display }
}

/** A CVX vaccine code. */
export function cvx(code: string, display: string): Coding {
  return { system: 'http://hl7.org/fhir/sid/cvx', code, display }
}

/** A code of one of the code systems that HL7 itself keeps, by the last part of its address. */
export function hl7(system: string, code: string, display?: string): Coding {
  return display === undefined
    ? { system: `${HL7}/${system}`, code }
    : { system: `${HL7}/${system}`, code, display }
}

/** A measured amount in UCUM; `code` is the UCUM unit, `unit` what a person reads. */
export function quantity(value: number, unit: string, code: string = unit) {
  return { value, unit, system: 'http://unitsofmeasure.org', code }
}

/** A reference to a resource. */
export function reference(type: string, id: string, display?: string) {
  return display === undefined ? { reference: `${type}/${id}` } : { reference: `${type}/${id}`, display }
}

/** A number cut to a count of decimals. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals
  return Math.round(value * factor) / factor
}

/** A value kept within bounds. */
export function within(low: number, value: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}
