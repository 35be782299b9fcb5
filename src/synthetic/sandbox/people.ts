import { pickHome } from '../address.ts'
import { clinician } from '../clinic.ts'
import type { Day } from '../days.ts'
import { dayAtAge, dayOf } from '../days.ts'
import type { Sex } from '../growth.ts'
import type { Given } from '../imagine.ts'
import { imagine } from '../imagine.ts'
import type { Course, Life, Person } from '../life.ts'
import { problemOf } from '../problems.ts'
import { createRandom } from '../random.ts'

/** A fixed person of the sandbox: who they are and what they live with. */
export interface Character {
  readonly id: string
  readonly name: readonly [given: string, family: string]
  readonly script?: readonly [given: string, family: string]
  readonly sex: Sex
  /** Exact age in years on the day that is today. */
  readonly age: number
  readonly language: Person['language']
  /** Problem, years since its onset, how well treatment holds it. */
  readonly problems: readonly (readonly [key: string, years: number, control: number])[]
  readonly allergies?: readonly string[]
  readonly smoking?: Life['smoking']
  readonly unreleased?: boolean
  /** Shares the home of this person. */
  readonly livesWith?: string
}

const ENGLISH = ['en', 'English'] as const
const SPANISH = ['es', 'Spanish'] as const
const CHINESE = ['zh-TW', 'Chinese (Taiwan)'] as const

/** The fixed people of the sandbox. */
export const CHARACTERS: readonly Character[] = [
  {
    id: 'amara',
    name: ['Amara', 'Whitfield'],
    sex: 'female',
    age: 52.3,
    language: ENGLISH,
    problems: [
      ['hypertension', 6.2, 0.7],
      ['diabetes', 4.6, 0.62],
      ['hyperlipidaemia', 4.6, 0.8],
      ['stress-disorder', 3.1, 0.7],
    ],
    allergies: ['penicillin', 'shellfish'],
    smoking: 'former',
    unreleased: true,
  },
  {
    id: 'diego',
    name: ['Diego', 'Santillán'],
    sex: 'male',
    age: 38.6,
    language: SPANISH,
    problems: [['reflux', 2.4, 0.8]],
    smoking: 'never',
  },
  {
    id: 'mateo',
    name: ['Mateo', 'Santillán'],
    sex: 'male',
    age: 6.2,
    language: SPANISH,
    problems: [
      ['eczema', 5.4, 0.7],
      ['asthma', 2.9, 0.75],
    ],
    allergies: ['peanuts'],
    livesWith: 'diego',
  },
  {
    id: 'mei-hua',
    name: ['Mei-Hua', 'Tsai'],
    script: ['美華', '蔡'],
    sex: 'female',
    age: 78.4,
    language: CHINESE,
    problems: [
      ['hypertension', 18, 0.8],
      ['kidney-disease', 5.2, 0.6],
      ['atrial-fibrillation', 3.3, 0.7],
      ['osteoporosis', 9, 0.6],
    ],
  },
  {
    id: 'samuel',
    name: ['Samuel', 'Okonjo'],
    sex: 'male',
    age: 64.1,
    language: ENGLISH,
    problems: [
      ['copd', 5.1, 0.5],
      ['coronary-disease', 2.2, 0.7],
    ],
    smoking: 'current',
  },
  {
    id: 'yu-han',
    name: ['Yu-Han', 'Lai'],
    script: ['語涵', '賴'],
    sex: 'female',
    age: 0.8,
    language: CHINESE,
    problems: [],
  },
]

/** The lives of the fixed people; the same for every seed. */
export function sandboxLives(asOf: string): Life[] {
  const today = dayOf(asOf)
  return CHARACTERS.map((one, at) => {
    const random = createRandom(`sandbox/${one.id}`)
    const person = personOf(one, at, today)
    return imagine(person, random, today, givenOf(one, person, today))
  })
}

function personOf(one: Character, at: number, today: Day): Person {
  const home = pickHome(createRandom(`sandbox/home ${one.livesWith ?? one.id}`))
  return {
    id: one.id,
    mrn: `SANDBOX-${String(at + 1).padStart(2, '0')}`,
    sex: one.sex,
    given: one.script ? [one.name[0], one.script[0]] : [one.name[0]],
    family: one.script ? [one.name[1], one.script[1]] : [one.name[1]],
    birth: dayAtAge(today, -one.age),
    home,
    language: one.language,
    ...(one.age >= 13 ? { mobile: `+886-900-551-${String(100 + at)}` } : {}),
  }
}

function givenOf(one: Character, person: Person, today: Day): Given {
  const courses = one.problems.map(([key, years, control]): Course => {
    return { problem: problemOf(key), onset: Math.max(person.birth + 30, dayAtAge(today, -years)), control }
  })
  return {
    courses,
    allergies: one.allergies ?? [],
    smoking: one.smoking ?? 'never',
    unreleased: one.unreleased ?? false,
    stature: { height: 0.2, weight: 0.4, head: 0.1 },
    drift: 0.12,
    physician: clinician(one.age < 16 ? 'dr-haddad' : 'dr-lin'),
  }
}
