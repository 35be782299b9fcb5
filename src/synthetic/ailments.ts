import type { Concept } from './concepts.ts'
import { concept, icd10, snomed } from './concepts.ts'
import type { MedicineKey } from './medicines.ts'
import type { Sensitivity } from './sensitivity.ts'

/** A short illness or injury: how often it comes, how it is met, how long it stays. */
export interface Ailment {
  readonly concept: Concept
  /** Visits for it in a year between two ages. */
  readonly perYear: number
  readonly ages: readonly [fromYears: number, toYears: number]
  readonly days: readonly [least: number, most: number]
  readonly medicine?: MedicineKey
  readonly emergency?: boolean
  readonly admission?: boolean
  /** How many °C above normal. */
  readonly fever: number
  readonly procedure?: Concept
  readonly sex?: 'female' | 'male'
  readonly sensitivity?: Sensitivity
}

const ailment = (
  sct: readonly [string, string],
  icd: readonly [string, string],
  perYear: number,
  ages: Ailment['ages'],
  days: Ailment['days'],
  more: Partial<Ailment> = {},
): Ailment => ({ concept: concept(snomed(...sct), icd10(...icd)), perYear, ages, days, fever: 0, ...more })

/** The short illnesses that bring people to the clinic. */
export const AILMENTS: readonly Ailment[] = [
  ailment(
    ['65363002', 'Otitis media'],
    ['H66.90', 'Otitis media, unspecified, unspecified ear'],
    0.35,
    [0.5, 7],
    [7, 12],
    { medicine: 'amoxicillin', fever: 1.4 },
  ),
  ailment(
    ['54150009', 'Upper respiratory infection'],
    ['J06.9', 'Acute upper respiratory infection, unspecified'],
    0.3,
    [0.3, 12],
    [5, 10],
    { fever: 0.9 },
  ),
  ailment(
    ['54150009', 'Upper respiratory infection'],
    ['J06.9', 'Acute upper respiratory infection, unspecified'],
    0.1,
    [12, 96],
    [5, 10],
    { fever: 0.5, medicine: 'acetaminophen' },
  ),
  ailment(
    ['43878008', 'Streptococcal sore throat'],
    ['J02.0', 'Streptococcal pharyngitis'],
    0.1,
    [4, 16],
    [6, 10],
    { medicine: 'penicillin', fever: 1.5 },
  ),
  ailment(
    ['25374005', 'Gastroenteritis'],
    ['K52.9', 'Noninfective gastroenteritis and colitis, unspecified'],
    0.1,
    [0.5, 14],
    [3, 6],
    { fever: 0.7 },
  ),
  ailment(
    ['10509002', 'Acute bronchitis'],
    ['J20.9', 'Acute bronchitis, unspecified'],
    0.06,
    [18, 96],
    [10, 20],
    { fever: 0.5 },
  ),
  ailment(
    ['68566005', 'Urinary tract infectious disease'],
    ['N39.0', 'Urinary tract infection, site not specified'],
    0.08,
    [16, 96],
    [4, 8],
    { sex: 'female', medicine: 'nitrofurantoin', fever: 0.3 },
  ),
  ailment(
    ['44465007', 'Sprain of ankle'],
    ['S93.409A', 'Sprain of unspecified ligament of unspecified ankle, initial encounter'],
    0.05,
    [9, 60],
    [14, 30],
    { emergency: true, medicine: 'ibuprofen' },
  ),
  ailment(
    ['65966004', 'Fracture of forearm'],
    ['S52.90XA', 'Unspecified fracture of unspecified forearm, initial encounter for closed fracture'],
    0.02,
    [5, 16],
    [35, 50],
    {
      emergency: true,
      medicine: 'ibuprofen',
      procedure: concept(snomed('274474001', 'Bone immobilization')),
    },
  ),
  ailment(['74400008', 'Appendicitis'], ['K37', 'Unspecified appendicitis'], 0.006, [8, 45], [7, 12], {
    emergency: true,
    admission: true,
    fever: 1,
    procedure: concept(snomed('80146002', 'Appendectomy')),
  }),
  ailment(
    ['233604007', 'Pneumonia'],
    ['J18.9', 'Pneumonia, unspecified organism'],
    0.025,
    [66, 96],
    [14, 28],
    {
      admission: true,
      medicine: 'amoxicillin',
      fever: 1.6,
      procedure: concept(snomed('399208008', 'Plain chest X-ray')),
    },
  ),
  ailment(
    ['15628003', 'Gonorrhea'],
    ['A54.9', 'Gonococcal infection, unspecified'],
    0.006,
    [18, 40],
    [7, 10],
    { medicine: 'ceftriaxone', sensitivity: 'SEX' },
  ),
]
