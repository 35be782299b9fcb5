import type { Concept } from './concepts.ts'
import { concept, cvx } from './concepts.ts'

/** One dose of the schedule. */
export interface Dose {
  readonly vaccine: Concept
  readonly target: string
  readonly number: number
}

const VACCINES = {
  hepB: ['Hepatitis B', concept(cvx('08', 'Hep B, adolescent or pediatric'))],
  rotavirus: ['Rotavirus', concept(cvx('119', 'rotavirus, monovalent'))],
  dtap: ['Diphtheria, tetanus, pertussis', concept(cvx('20', 'DTaP'))],
  hib: ['Haemophilus influenzae type b', concept(cvx('49', 'Hib (PRP-OMP)'))],
  pcv: ['Pneumococcal disease', concept(cvx('133', 'Pneumococcal conjugate PCV 13'))],
  polio: ['Poliomyelitis', concept(cvx('10', 'IPV'))],
  mmr: ['Measles, mumps, rubella', concept(cvx('03', 'MMR'))],
  varicella: ['Varicella', concept(cvx('21', 'varicella'))],
  hepA: ['Hepatitis A', concept(cvx('83', 'Hep A, ped/adol, 2 dose'))],
  tdap: ['Diphtheria, tetanus, pertussis', concept(cvx('115', 'Tdap'))],
  hpv: ['Human papillomavirus', concept(cvx('62', 'HPV, quadrivalent'))],
  meningococcal: ['Meningococcal disease', concept(cvx('114', 'meningococcal MCV4P'))],
  influenza: ['Influenza', concept(cvx('140', 'Influenza, seasonal, injectable, preservative free'))],
  tetanus: ['Tetanus, diphtheria', concept(cvx('113', 'Td (adult) preservative free'))],
  zoster: ['Zoster', concept(cvx('121', 'zoster'))],
  ppv: ['Pneumococcal disease', concept(cvx('33', 'pneumococcal polysaccharide vaccine, 23 valent'))],
} as const satisfies Record<string, readonly [string, Concept]>

/** The name of a vaccine of the schedule. */
export type VaccineKey = keyof typeof VACCINES

/** The childhood schedule: age in months, and the doses given at the visit of that age. */
export const CHILDHOOD: readonly (readonly [
  months: number,
  doses: readonly (readonly [VaccineKey, number])[],
])[] = [
  [0.5, [['hepB', 1]]],
  [1, [['hepB', 2]]],
  [
    2,
    [
      ['rotavirus', 1],
      ['dtap', 1],
      ['hib', 1],
      ['pcv', 1],
      ['polio', 1],
    ],
  ],
  [
    4,
    [
      ['rotavirus', 2],
      ['dtap', 2],
      ['hib', 2],
      ['pcv', 2],
      ['polio', 2],
    ],
  ],
  [
    6,
    [
      ['hepB', 3],
      ['dtap', 3],
      ['polio', 3],
    ],
  ],
  [
    12,
    [
      ['mmr', 1],
      ['varicella', 1],
      ['pcv', 3],
      ['hib', 3],
      ['hepA', 1],
    ],
  ],
  [
    18,
    [
      ['dtap', 4],
      ['hepA', 2],
    ],
  ],
  [
    60,
    [
      ['dtap', 5],
      ['polio', 4],
      ['mmr', 2],
      ['varicella', 2],
    ],
  ],
  [
    132,
    [
      ['tdap', 1],
      ['meningococcal', 1],
      ['hpv', 1],
    ],
  ],
  [144, [['hpv', 2]]],
  [192, [['meningococcal', 2]]],
]

/** A dose of a vaccine. */
export function doseOf(key: VaccineKey, number: number): Dose {
  const [target, vaccine] = VACCINES[key]
  return { vaccine, target, number }
}
