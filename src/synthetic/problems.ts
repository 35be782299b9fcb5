import type { Concept } from './concepts.ts'
import { concept, icd10, snomed } from './concepts.ts'
import type { PanelKey } from './laboratory/panels.ts'
import type { MedicineKey } from './medicines.ts'
import type { Sensitivity } from './sensitivity.ts'

/** A lasting problem: whom it meets, how it is treated and followed. */
export interface Problem {
  readonly key: string
  readonly concept: Concept
  /** The share of people who have it once they are past the onset ages. */
  readonly risk: number
  readonly onset: readonly [fromYears: number, toYears: number]
  readonly sex?: 'female' | 'male'
  /** How much more likely it is with another problem. */
  readonly with?: Readonly<Record<string, number>>
  /** How much more likely it is for somebody who smokes or smoked. */
  readonly smoking?: number
  /** The share of people who lose it again, and after how many years. */
  readonly heals?: readonly [share: number, years: number]
  /** The first is started at once, the second when the first is not enough. */
  readonly medicines: readonly MedicineKey[]
  readonly tests: readonly PanelKey[]
  /** Months between visits; absent when it needs none of its own. */
  readonly followUpMonths?: number
  readonly sensitivity?: Sensitivity
}

function problem(
  key: string,
  sct: readonly [string, string],
  icd: readonly [string, string] | undefined,
  risk: number,
  onset: Problem['onset'],
  medicines: readonly MedicineKey[],
  more: Partial<Problem> = {},
): Problem {
  const codes = icd ? [snomed(...sct), icd10(...icd)] : [snomed(...sct)]
  return { key, concept: concept(...codes), risk, onset, medicines, tests: [], ...more }
}

/** Lasting problems, in the order in which one makes another more likely. */
export const PROBLEMS: readonly Problem[] = [
  problem(
    'asthma',
    ['195967001', 'Asthma'],
    ['J45.909', 'Unspecified asthma, uncomplicated'],
    0.11,
    [2, 12],
    ['albuterol', 'fluticasone'],
    { heals: [0.35, 9], followUpMonths: 6 },
  ),
  problem(
    'eczema',
    ['24079001', 'Atopic dermatitis'],
    ['L20.9', 'Atopic dermatitis, unspecified'],
    0.1,
    [0.3, 4],
    ['hydrocortisone'],
    { heals: [0.7, 6] },
  ),
  problem(
    'hay-fever',
    ['61582004', 'Allergic rhinitis'],
    ['J30.9', 'Allergic rhinitis, unspecified'],
    0.16,
    [6, 30],
    ['loratadine'],
    { with: { asthma: 2, eczema: 2 } },
  ),
  problem(
    'adhd',
    ['406506008', 'Attention deficit hyperactivity disorder'],
    ['F90.9', 'Attention-deficit hyperactivity disorder, unspecified type'],
    0.05,
    [6, 12],
    ['methylphenidate'],
    { followUpMonths: 6 },
  ),
  problem(
    'migraine',
    ['37796009', 'Migraine'],
    ['G43.909', 'Migraine, unspecified, not intractable, without status migrainosus'],
    0.1,
    [15, 40],
    ['naproxen'],
  ),
  problem(
    'anxiety',
    ['21897009', 'Generalized anxiety disorder'],
    ['F41.1', 'Generalized anxiety disorder'],
    0.06,
    [18, 45],
    ['sertraline'],
    { followUpMonths: 6 },
  ),
  problem(
    'depression',
    ['370143000', 'Major depressive disorder'],
    ['F32.9', 'Major depressive disorder, single episode, unspecified'],
    0.09,
    [16, 65],
    ['fluoxetine', 'sertraline'],
    { followUpMonths: 6, with: { anxiety: 2 }, heals: [0.4, 3] },
  ),
  problem(
    'iron-deficiency',
    ['87522002', 'Iron deficiency anemia'],
    ['D50.9', 'Iron deficiency anemia, unspecified'],
    0.08,
    [16, 48],
    ['ferrousSulfate'],
    { sex: 'female', tests: ['blood-count'], followUpMonths: 6, heals: [0.8, 2] },
  ),
  problem(
    'hypothyroidism',
    ['40930008', 'Hypothyroidism'],
    ['E03.9', 'Hypothyroidism, unspecified'],
    0.05,
    [25, 65],
    ['levothyroxine'],
    { tests: ['thyroid'], followUpMonths: 12 },
  ),
  problem(
    'reflux',
    ['235595009', 'Gastroesophageal reflux disease'],
    ['K21.9', 'Gastro-esophageal reflux disease without esophagitis'],
    0.14,
    [30, 65],
    ['omeprazole'],
    { with: { obesity: 1.8 } },
  ),
  problem(
    'hypertension',
    ['59621000', 'Essential hypertension'],
    ['I10', 'Essential (primary) hypertension'],
    0.42,
    [34, 74],
    ['lisinopril', 'amlodipine'],
    { tests: ['metabolic'], followUpMonths: 6, with: { obesity: 1.6 } },
  ),
  problem(
    'diabetes',
    ['44054006', 'Diabetes mellitus type 2'],
    ['E11.9', 'Type 2 diabetes mellitus without complications'],
    0.16,
    [36, 72],
    ['metformin', 'glargine'],
    { tests: ['hba1c', 'metabolic', 'lipids'], followUpMonths: 6, with: { obesity: 2.4, hypertension: 1.4 } },
  ),
  problem(
    'hyperlipidaemia',
    ['55822004', 'Hyperlipidemia'],
    ['E78.5', 'Hyperlipidemia, unspecified'],
    0.3,
    [36, 70],
    ['atorvastatin'],
    { tests: ['lipids'], followUpMonths: 12, with: { diabetes: 1.8, obesity: 1.3 } },
  ),
  problem(
    'kidney-disease',
    ['433144002', 'Chronic kidney disease stage 3'],
    ['N18.30', 'Chronic kidney disease, stage 3 unspecified'],
    0.07,
    [60, 85],
    [],
    { tests: ['metabolic', 'blood-count'], followUpMonths: 6, with: { diabetes: 2.5, hypertension: 1.8 } },
  ),
  problem('gout', ['90560007', 'Gout'], ['M10.9', 'Gout, unspecified'], 0.06, [40, 70], ['allopurinol'], {
    sex: 'male',
  }),
  problem(
    'osteoarthritis',
    ['396275006', 'Osteoarthritis'],
    ['M19.90', 'Unspecified osteoarthritis, unspecified site'],
    0.3,
    [50, 80],
    ['naproxen'],
  ),
  problem(
    'osteoporosis',
    ['64859006', 'Osteoporosis'],
    ['M81.0', 'Age-related osteoporosis without current pathological fracture'],
    0.25,
    [60, 82],
    ['alendronate'],
    { sex: 'female' },
  ),
  problem(
    'copd',
    ['13645005', 'Chronic obstructive lung disease'],
    ['J44.9', 'Chronic obstructive pulmonary disease, unspecified'],
    0.05,
    [48, 75],
    ['salmeterol', 'albuterol'],
    { followUpMonths: 6, smoking: 5 },
  ),
  problem(
    'coronary-disease',
    ['53741008', 'Coronary arteriosclerosis'],
    ['I25.10', 'Atherosclerotic heart disease of native coronary artery without angina pectoris'],
    0.08,
    [50, 82],
    ['aspirin'],
    { tests: ['lipids'], followUpMonths: 6, smoking: 1.7, with: { diabetes: 1.8, hyperlipidaemia: 1.6 } },
  ),
  problem(
    'atrial-fibrillation',
    ['49436004', 'Atrial fibrillation'],
    ['I48.91', 'Unspecified atrial fibrillation'],
    0.07,
    [62, 88],
    ['warfarin'],
    { tests: ['metabolic'], followUpMonths: 6, with: { hypertension: 1.5 } },
  ),
  problem(
    'heart-failure',
    ['84114007', 'Heart failure'],
    ['I50.9', 'Heart failure, unspecified'],
    0.05,
    [64, 88],
    ['furosemide'],
    { tests: ['metabolic'], followUpMonths: 6, with: { 'coronary-disease': 3, hypertension: 1.4 } },
  ),
  problem(
    'alzheimer',
    ['26929004', "Alzheimer's disease"],
    ['G30.9', "Alzheimer's disease, unspecified"],
    0.12,
    [74, 92],
    ['donepezil'],
    { followUpMonths: 6 },
  ),
  problem(
    'stress-disorder',
    ['47505003', 'Posttraumatic stress disorder'],
    ['F43.10', 'Post-traumatic stress disorder, unspecified'],
    0.025,
    [18, 55],
    ['sertraline'],
    { followUpMonths: 6, sensitivity: 'PSY' },
  ),
  problem(
    'bipolar',
    ['13746004', 'Bipolar disorder'],
    ['F31.9', 'Bipolar disorder, unspecified'],
    0.02,
    [18, 40],
    ['lithium', 'quetiapine'],
    { tests: ['metabolic', 'thyroid'], followUpMonths: 6, sensitivity: 'PSY' },
  ),
  problem(
    'hiv',
    ['86406008', 'Human immunodeficiency virus infection'],
    ['Z21', 'Asymptomatic human immunodeficiency virus [HIV] infection status'],
    0.015,
    [20, 50],
    ['antiretroviral'],
    { tests: ['hiv'], followUpMonths: 6, sensitivity: 'HIV' },
  ),
  problem(
    'alcohol-dependence',
    ['66590003', 'Alcohol dependence'],
    ['F10.20', 'Alcohol dependence, uncomplicated'],
    0.025,
    [24, 60],
    ['naltrexone'],
    { followUpMonths: 6, smoking: 2, sensitivity: 'ETH' },
  ),
]

/** Obesity follows from the weight, not from chance. */
export const OBESITY: Problem = problem(
  'obesity',
  ['414916001', 'Obesity'],
  ['E66.9', 'Obesity, unspecified'],
  0,
  [18, 60],
  [],
  { tests: ['lipids'] },
)

/** The lasting problem with this key. */
export function problemOf(key: string): Problem {
  const found = [...PROBLEMS, OBESITY].find((one) => one.key === key)
  if (!found) throw new RangeError(`no problem ${key}`)
  return found
}
