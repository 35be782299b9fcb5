import type { Concept } from '../concepts.ts'
import { concept, loinc } from '../concepts.ts'

/** A measured quantity of the laboratory. */
export interface Analyte {
  readonly concept: Concept
  readonly unit: string
  /** The UCUM code where it differs from what is printed. */
  readonly ucum?: string
  readonly decimals: number
  /** Reference range; a missing end is open. By sex where it differs. */
  readonly range: Range | { readonly female: Range; readonly male: Range }
}

/** From and to, either open. */
export interface Range {
  readonly low?: number
  readonly high?: number
}

const analyte = (
  code: string,
  name: string,
  unit: string,
  decimals: number,
  range: Analyte['range'],
  ucum?: string,
): Analyte => ({
  concept: concept(loinc(code, name)),
  unit,
  decimals,
  range,
  ...(ucum === undefined ? {} : { ucum }),
})

/** What the clinic's laboratory measures. */
export const ANALYTES = {
  glucose: analyte('2339-0', 'Glucose [Mass/volume] in Blood', 'mg/dL', 0, { low: 70, high: 140 }),
  fastingGlucose: analyte('1558-6', 'Fasting glucose [Mass/volume] in Serum or Plasma', 'mg/dL', 0, {
    low: 70,
    high: 99,
  }),
  hba1c: analyte('4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood', '%', 1, { low: 4, high: 5.6 }),
  cholesterol: analyte('2093-3', 'Cholesterol [Mass/volume] in Serum or Plasma', 'mg/dL', 0, { high: 199 }),
  hdl: analyte('2085-9', 'Cholesterol in HDL [Mass/volume] in Serum or Plasma', 'mg/dL', 0, {
    female: { low: 50 },
    male: { low: 40 },
  }),
  ldl: analyte('13457-7', 'Cholesterol in LDL [Mass/volume] in Serum or Plasma by calculation', 'mg/dL', 0, {
    high: 129,
  }),
  triglycerides: analyte('2571-8', 'Triglyceride [Mass/volume] in Serum or Plasma', 'mg/dL', 0, {
    high: 149,
  }),
  creatinine: analyte('2160-0', 'Creatinine [Mass/volume] in Serum or Plasma', 'mg/dL', 2, {
    female: { low: 0.5, high: 1.1 },
    male: { low: 0.6, high: 1.3 },
  }),
  egfr: analyte(
    '33914-3',
    'Glomerular filtration rate/1.73 sq M.predicted [Volume Rate/Area] in Serum or Plasma by Creatinine-based formula (MDRD)',
    'mL/min/1.73 m²',
    0,
    { low: 60 },
    'mL/min/{1.73_m2}',
  ),
  sodium: analyte('2951-2', 'Sodium [Moles/volume] in Serum or Plasma', 'mmol/L', 0, { low: 136, high: 145 }),
  potassium: analyte('2823-3', 'Potassium [Moles/volume] in Serum or Plasma', 'mmol/L', 1, {
    low: 3.5,
    high: 5.1,
  }),
  haemoglobin: analyte('718-7', 'Hemoglobin [Mass/volume] in Blood', 'g/dL', 1, {
    female: { low: 12, high: 15.5 },
    male: { low: 13.5, high: 17.5 },
  }),
  whiteCells: analyte('6690-2', 'Leukocytes [#/volume] in Blood by Automated count', '10*3/uL', 1, {
    low: 4,
    high: 11,
  }),
  platelets: analyte('777-3', 'Platelets [#/volume] in Blood by Automated count', '10*3/uL', 0, {
    low: 150,
    high: 400,
  }),
  tsh: analyte(
    '3016-3',
    'Thyrotropin [Units/volume] in Serum or Plasma',
    'mIU/L',
    2,
    { low: 0.4, high: 4.2 },
    'm[IU]/L',
  ),
  crp: analyte(
    '30522-7',
    'C reactive protein [Mass/volume] in Serum or Plasma by High sensitivity method',
    'mg/L',
    1,
    { high: 3 },
  ),
  viralLoad: analyte(
    '20447-9',
    'HIV 1 RNA [#/volume] (viral load) in Serum or Plasma by NAA with probe detection',
    'copies/mL',
    0,
    { high: 50 },
    '{copies}/mL',
  ),
  cd4: analyte(
    '24467-3',
    'CD3+CD4+ (T4 helper) cells [#/volume] in Blood',
    'cells/uL',
    0,
    { low: 500, high: 1500 },
    '{cells}/uL',
  ),
} as const satisfies Record<string, Analyte>

/** The name of an analyte. */
export type AnalyteKey = keyof typeof ANALYTES
