import type { Concept } from '../concepts.ts'
import { concept, loinc } from '../concepts.ts'
import type { AnalyteKey } from './analytes.ts'

/** Analytes that are ordered and reported together. */
export interface Panel {
  readonly concept: Concept
  readonly analytes: readonly AnalyteKey[]
}

/** What can be ordered from the laboratory. */
export const PANELS = {
  metabolic: {
    concept: concept(loinc('51990-0', 'Basic metabolic panel - Blood')),
    analytes: ['fastingGlucose', 'creatinine', 'egfr', 'sodium', 'potassium'],
  },
  lipids: {
    concept: concept(loinc('24331-1', 'Lipid 1996 panel - Serum or Plasma')),
    analytes: ['cholesterol', 'hdl', 'ldl', 'triglycerides'],
  },
  'blood-count': {
    concept: concept(loinc('58410-2', 'Complete blood count (hemogram) panel - Blood by Automated count')),
    analytes: ['haemoglobin', 'whiteCells', 'platelets'],
  },
  hba1c: {
    concept: concept(loinc('4548-4', 'Hemoglobin A1c/Hemoglobin.total in Blood')),
    analytes: ['hba1c'],
  },
  glucose: { concept: concept(loinc('2339-0', 'Glucose [Mass/volume] in Blood')), analytes: ['glucose'] },
  thyroid: {
    concept: concept(loinc('3016-3', 'Thyrotropin [Units/volume] in Serum or Plasma')),
    analytes: ['tsh'],
  },
  'cardiac-risk': {
    concept: concept(
      loinc('30522-7', 'C reactive protein [Mass/volume] in Serum or Plasma by High sensitivity method'),
    ),
    analytes: ['crp'],
  },
  hiv: { concept: { text: 'HIV monitoring: viral load and CD4 count' }, analytes: ['viralLoad', 'cd4'] },
} as const satisfies Record<string, Panel>

/** The name of a panel. */
export type PanelKey = keyof typeof PANELS
