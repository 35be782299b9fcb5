/** Somebody with random scopes, rights and withheld slices: as the model has them, and as the server is given them. */
import type { Right } from '../../../../src/smart/decision.ts'
import type { Letter } from '../../../../src/smart/scope.ts'
import type { HeldBack, Slice } from '../../../../src/smart/slice.ts'
import { callerWith } from '../world.ts'
import type { Dice } from './dice.ts'
import { type Kind, kinds, labels, shapeOf } from './facts.ts'

/** A condition of a slice: a parameter, and the codes of which one is enough (or, with `not`, none may be there). */
export interface Condition {
  readonly parameter: string
  readonly codes: readonly string[]
  readonly not: boolean
}

/** A set of resources. */
export interface Part {
  readonly type: Kind | '*'
  readonly conditions: readonly Condition[]
}

export interface GivenScope extends Part {
  readonly level: 'patient' | 'user'
  readonly letters: readonly Letter[]
}

export interface GivenRight extends Part {
  readonly letters: readonly Letter[]
  /** Only the records of these. */
  readonly records?: readonly string[]
}

export interface Withheld extends Part {
  /** Only what is in this compartment. */
  readonly compartment?: string
  /** But for what is in the compartments of these alone. */
  readonly except?: readonly string[]
}

export interface Setting {
  readonly patient?: string
  readonly scopes: readonly GivenScope[]
  readonly rights: readonly GivenRight[]
  readonly withheld: readonly Withheld[]
}

const letterSets: readonly (readonly Letter[])[] = [
  ['r'],
  ['s'],
  ['r', 's'],
  ['r', 's'],
  ['r', 'u', 'd', 's'],
  ['c', 'u', 's'],
  ['c', 'r', 'u', 'd', 's'],
  ['c', 'r', 'u', 'd', 's'],
  ['c', 'r', 'u', 'd', 's'],
]

/** A random setting among these patients. */
export function throwSetting(dice: Dice, patients: readonly string[]): Setting {
  const few = (most: number, make: () => GivenScope) => Array.from({ length: 1 + dice.below(most) }, make)
  return {
    ...(!dice.once(6) && { patient: dice.pick(patients) }),
    scopes: few(4, () => ({
      level: dice.pick(['patient', 'user'] as const),
      letters: dice.pick(letterSets),
      ...throwPart(dice),
    })),
    rights: throwRights(dice, patients),
    withheld: Array.from({ length: dice.pick([0, 0, 1, 1, 2]) }, () => ({
      ...throwPart(dice),
      ...(dice.once(3) && { compartment: dice.pick(patients) }),
      ...(dice.once(4) && { except: dice.some(patients, 1) }),
    })),
  }
}

function throwRights(dice: Dice, patients: readonly string[]): GivenRight[] {
  const all: readonly Letter[] = ['c', 'r', 'u', 'd', 's']
  if (dice.once(2)) return [{ type: '*', conditions: [], letters: all }]
  const records = dice.some(patients, 1)
  const own = dice.once(2)
    ? [{ type: '*' as const, conditions: [], letters: all, records }]
    : records.map((one) => ({
        type: '*' as const,
        conditions: [],
        letters: dice.pick(letterSets),
        records: [one],
      }))
  const more = dice.once(2) ? [{ ...throwPart(dice), letters: dice.pick(letterSets) }] : []
  const shared = (['Practitioner', 'Medication'] as const).map((type) => ({
    type,
    conditions: [],
    letters: ['r', 's'] as const,
  }))
  return [...own, ...more, ...shared]
}

function throwPart(dice: Dice): Part {
  const type = dice.once(2) ? '*' : dice.pick(kinds)
  const conditions = Array.from({ length: dice.pick([0, 0, 0, 1, 1, 2]) }, () => throwCondition(dice, type))
  const names = new Set(conditions.map(({ parameter }) => parameter))
  return { type, conditions: names.size === conditions.length ? conditions : conditions.slice(0, 1) }
}

function throwCondition(dice: Dice, type: Kind | '*'): Condition {
  const known: Readonly<Record<string, readonly string[]>> = {
    _security: labels,
    ...(type === '*' ? { status: ['final', 'active', 'finished'], _security: labels } : shapeOf(type).codes),
  }
  const parameter = dice.pick(Object.keys(known))
  return { parameter, codes: dice.some(known[parameter] ?? [], 1), not: dice.once(5) }
}

/** The same somebody, as the server knows callers. */
export function callerOf({ patient, scopes, rights, withheld }: Setting) {
  return callerWith(scopes.map(formatScope).join(' '), {
    patient: patient ?? null,
    rights: rights.flatMap(rightsOf),
    withheld: withheld.map(heldBack),
  })
}

function formatScope({ level, type, letters, conditions }: GivenScope): string {
  const filter = filterOf(conditions).map(({ parameter, value }) => `${parameter}=${value}`)
  return `${level}/${type}.${letters.join('')}${filter.length > 0 ? `?${filter.join('&')}` : ''}`
}

function filterOf(conditions: readonly Condition[]) {
  return conditions.map(({ parameter, codes, not }) => ({
    parameter: not ? `${parameter}:not` : parameter,
    value: codes.join(','),
  }))
}

/** A record is the compartment, and the devices that name the patient. */
function rightsOf({ type, letters, conditions, records }: GivenRight): Right[] {
  const filter = filterOf(conditions)
  if (records === undefined) return [{ letters, slice: { type, compartments: [], filter } }]
  const names = records.map((id) => `Patient/${id}`)
  const devices: Slice = {
    type: 'Device',
    compartments: [],
    filter: [...filter, { parameter: 'patient', value: names.join(',') }],
  }
  const [only] = names
  const compartment = names.length === 1 && only !== undefined ? only : names
  return [
    { letters, slice: { type, compartments: [compartment], filter } },
    ...(type === '*' || type === 'Device' ? [{ letters, slice: devices }] : []),
  ]
}

function heldBack({ type, conditions, compartment, except }: Withheld): HeldBack {
  return {
    type,
    compartments: compartment === undefined ? [] : [`Patient/${compartment}`],
    filter: filterOf(conditions),
    ...(except && { except: except.map((id) => `Patient/${id}`) }),
  }
}
