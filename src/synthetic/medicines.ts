import type { Concept } from './concepts.ts'
import { concept, rxnorm } from './concepts.ts'

/** A medicine as this clinic orders it. */
export interface Medicine {
  readonly concept: Concept
  readonly directions: string
  readonly perDay: number
  readonly dose: readonly [value: number, unit: string]
  readonly route: 'oral' | 'inhaled' | 'topical' | 'subcutaneous' | 'intramuscular'
  readonly asNeeded?: boolean
  /** For a course with an end, in days; without it the medicine is taken on. */
  readonly days?: number
}

const tablet = (code: string, name: string, directions: string, perDay = 1, days?: number): Medicine => ({
  concept: concept(rxnorm(code, name)),
  directions,
  perDay,
  dose: [1, name.includes('Capsule') ? '{capsule}' : '{tbl}'],
  route: 'oral',
  ...(days === undefined ? {} : { days }),
})

/** The medicines of the clinic; ingredient codes where the strength is the physician's own. */
export const MEDICINES = {
  lisinopril: tablet('314076', 'lisinopril 10 MG Oral Tablet', 'Take one tablet every morning'),
  amlodipine: tablet('197361', 'amlodipine 5 MG Oral Tablet', 'Take one tablet every morning'),
  hydrochlorothiazide: tablet(
    '310798',
    'hydrochlorothiazide 25 MG Oral Tablet',
    'Take one tablet every morning',
  ),
  metformin: tablet(
    '861007',
    'metformin hydrochloride 500 MG Oral Tablet',
    'Take one tablet twice a day with meals',
    2,
  ),
  glargine: {
    concept: concept(rxnorm('274783', 'insulin glargine')),
    directions: 'Inject 14 units under the skin at bedtime',
    perDay: 1,
    dose: [14, '[IU]'],
    route: 'subcutaneous',
  },
  atorvastatin: tablet('83367', 'atorvastatin', 'Take one 20 mg tablet every evening'),
  simvastatin: tablet('312961', 'simvastatin 20 MG Oral Tablet', 'Take one tablet every evening'),
  albuterol: {
    concept: concept(rxnorm('745679', '200 ACTUAT albuterol 0.09 MG/ACTUAT Metered Dose Inhaler')),
    directions: 'Two puffs every four to six hours when short of breath',
    perDay: 4,
    dose: [2, '{puff}'],
    route: 'inhaled',
    asNeeded: true,
  },
  fluticasone: {
    concept: concept(
      rxnorm('895994', '120 ACTUAT fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler'),
    ),
    directions: 'Two puffs twice a day, rinse the mouth afterwards',
    perDay: 2,
    dose: [2, '{puff}'],
    route: 'inhaled',
  },
  salmeterol: {
    concept: concept(
      rxnorm(
        '896209',
        '60 ACTUAT fluticasone propionate 0.25 MG/ACTUAT / salmeterol 0.05 MG/ACTUAT Dry Powder Inhaler',
      ),
    ),
    directions: 'One inhalation twice a day, rinse the mouth afterwards',
    perDay: 2,
    dose: [1, '{inhalation}'],
    route: 'inhaled',
  },
  sertraline: tablet('36437', 'sertraline', 'Take one 50 mg tablet every morning'),
  fluoxetine: tablet('4493', 'fluoxetine', 'Take one 20 mg capsule every morning'),
  quetiapine: tablet('51272', 'quetiapine', 'Take one 100 mg tablet at bedtime'),
  lithium: tablet('6448', 'lithium', 'Take one 300 mg tablet twice a day', 2),
  levothyroxine: tablet('10582', 'levothyroxine', 'Take one 75 microgram tablet before breakfast'),
  omeprazole: tablet('7646', 'omeprazole', 'Take one 20 mg capsule before breakfast'),
  allopurinol: tablet('519', 'allopurinol', 'Take one 100 mg tablet a day'),
  ferrousSulfate: tablet('24947', 'ferrous sulfate', 'Take one 325 mg tablet a day'),
  alendronate: tablet(
    '904419',
    'alendronic acid 10 MG Oral Tablet',
    'Take one tablet with water, half an hour before breakfast',
  ),
  aspirin: tablet('243670', 'aspirin 81 MG Oral Tablet', 'Take one tablet a day'),
  clopidogrel: tablet('309362', 'clopidogrel 75 MG Oral Tablet', 'Take one tablet a day'),
  warfarin: tablet(
    '855332',
    'warfarin sodium 5 MG Oral Tablet',
    'Take one tablet every evening, dose by INR',
  ),
  furosemide: tablet('313988', 'furosemide 40 MG Oral Tablet', 'Take one tablet every morning'),
  donepezil: tablet('997223', 'donepezil hydrochloride 10 MG Oral Tablet', 'Take one tablet at bedtime'),
  methylphenidate: tablet(
    '1091392',
    'methylphenidate hydrochloride 20 MG Oral Tablet',
    'Take one tablet every morning',
  ),
  loratadine: tablet('311372', 'loratadine 10 MG Oral Tablet', 'Take one tablet a day in the season'),
  naproxen: tablet(
    '849574',
    'naproxen sodium 220 MG Oral Tablet',
    'Take one tablet twice a day with food when in pain',
    2,
  ),
  naltrexone: tablet('7243', 'naltrexone', 'Take one 50 mg tablet a day'),
  antiretroviral: {
    concept: { text: 'bictegravir 50 mg / emtricitabine 200 mg / tenofovir alafenamide 25 mg oral tablet' },
    directions: 'Take one tablet a day',
    perDay: 1,
    dose: [1, '{tbl}'],
    route: 'oral',
  },
  hydrocortisone: {
    concept: concept(rxnorm('106258', 'hydrocortisone 10 MG/ML Topical Cream')),
    directions: 'Apply thinly to the itching skin twice a day',
    perDay: 2,
    dose: [1, '{application}'],
    route: 'topical',
  },
  amoxicillin: tablet(
    '308182',
    'amoxicillin 250 MG Oral Capsule',
    'Take one capsule three times a day for 7 days',
    3,
    7,
  ),
  penicillin: tablet(
    '834061',
    'penicillin V potassium 250 MG Oral Tablet',
    'Take one tablet four times a day for 10 days',
    4,
    10,
  ),
  nitrofurantoin: tablet(
    '311995',
    'nitrofurantoin, macrocrystals 50 MG Oral Capsule',
    'Take one capsule four times a day for 5 days',
    4,
    5,
  ),
  doxycycline: tablet('3640', 'doxycycline', 'Take one 100 mg tablet twice a day for 7 days', 2, 7),
  ceftriaxone: {
    concept: concept(rxnorm('2193', 'ceftriaxone')),
    directions: 'One injection of 500 mg, given at the clinic',
    perDay: 1,
    dose: [500, 'mg'],
    route: 'intramuscular',
    days: 1,
  },
  acetaminophen: tablet(
    '313782',
    'acetaminophen 325 MG Oral Tablet',
    'Take one tablet every six hours when needed',
    4,
    5,
  ),
  ibuprofen: tablet(
    '310965',
    'ibuprofen 200 MG Oral Tablet',
    'Take one tablet three times a day with food when needed',
    3,
    7,
  ),
} as const satisfies Record<string, Medicine>

/** The name of a medicine of the clinic. */
export type MedicineKey = keyof typeof MEDICINES
