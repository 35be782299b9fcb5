import type { Concept } from './concepts.ts'
import { concept, rxnorm, snomed } from './concepts.ts'
import type { Random } from './random.ts'

/** Something a patient must not be given, and what it did. */
export interface Allergen {
  readonly concept: Concept
  readonly category: 'food' | 'medication' | 'environment'
  readonly reactions: readonly Concept[]
  readonly severity: 'mild' | 'moderate' | 'severe'
  readonly share: number
}

const RASH = concept(snomed('271807003', 'Eruption of skin'))
const HIVES = concept(snomed('247472004', 'Wheal'))
const BREATHLESS = concept(snomed('267036007', 'Dyspnea'))
const ANAPHYLAXIS = concept(snomed('39579001', 'Anaphylaxis'))

/** The allergens of the clinic's records. */
export const ALLERGENS: Readonly<Record<string, Allergen>> = {
  penicillin: {
    concept: concept(rxnorm('7984', 'Penicillin V')),
    category: 'medication',
    reactions: [RASH, HIVES],
    severity: 'moderate',
    share: 0.05,
  },
  aspirin: {
    concept: concept(rxnorm('1191', 'Aspirin')),
    category: 'medication',
    reactions: [BREATHLESS],
    severity: 'moderate',
    share: 0.015,
  },
  peanuts: {
    concept: concept(snomed('91935009', 'Allergy to peanuts')),
    category: 'food',
    reactions: [ANAPHYLAXIS],
    severity: 'severe',
    share: 0.015,
  },
  shellfish: {
    concept: concept(snomed('300913006', 'Shellfish allergy')),
    category: 'food',
    reactions: [HIVES],
    severity: 'moderate',
    share: 0.03,
  },
  eggs: {
    concept: concept(snomed('91930004', 'Allergy to eggs')),
    category: 'food',
    reactions: [RASH],
    severity: 'mild',
    share: 0.015,
  },
  mites: {
    concept: concept(snomed('232350006', 'House dust mite allergy')),
    category: 'environment',
    reactions: [BREATHLESS],
    severity: 'mild',
    share: 0.09,
  },
  pollen: {
    concept: concept(snomed('418689008', 'Allergy to grass pollen')),
    category: 'environment',
    reactions: [HIVES],
    severity: 'mild',
    share: 0.06,
  },
  bees: {
    concept: concept(snomed('424213003', 'Allergy to bee venom')),
    category: 'environment',
    reactions: [ANAPHYLAXIS, HIVES],
    severity: 'severe',
    share: 0.01,
  },
}

/** The allergies that chance gives a person. */
export function pickAllergies(random: Random): string[] {
  return Object.entries(ALLERGENS)
    .filter(([, one]) => random.chance(one.share))
    .map(([key]) => key)
}
