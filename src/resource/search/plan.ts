/**
 * A search as plain data: what to look for, within which reach, in what order. No store's language is in it.
 */
import type { ParameterKey } from './rows.ts'

export type Comparison = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap'

/** Asks for any value at all. */
export interface PresentCondition {
  readonly kind: 'present'
}

/** An absent member is not asked about; an empty system asks for a code without system. */
export interface TokenCondition {
  readonly kind: 'token'
  readonly system?: string
  readonly code?: string
}

export interface StringCondition {
  readonly kind: 'string'
  readonly match: 'starts' | 'contains' | 'folded' | 'exact'
  readonly text: string
}

/** The searched value is a range: `2024-05` is the whole month. `high` is not included. */
export interface DateCondition {
  readonly kind: 'date'
  readonly comparison: Comparison
  readonly low: number
  readonly high: number
}

/** `value` as written, and the range that its precision stands for; `high` is not included. */
export interface NumberCondition {
  readonly kind: 'number'
  readonly comparison: Comparison
  readonly value: number
  readonly low: number
  readonly high: number
  readonly system?: string
  /** A unit's code, or without system a code or its human form. */
  readonly code?: string
}

/** An absent type is any type. Either `id` or `url` is asked for. */
export interface ReferenceCondition {
  readonly kind: 'reference'
  readonly type?: string
  readonly id?: string
  readonly url?: string
}

/** The resource's own id. */
export interface IdCondition {
  readonly kind: 'id'
  readonly id: string
}

/** All these words, each as the beginning of a word, in one text beside a code. */
export interface WordsCondition {
  readonly kind: 'words'
  readonly words: readonly string[]
}

export type Condition =
  | PresentCondition
  | WordsCondition
  | TokenCondition
  | StringCondition
  | DateCondition
  | NumberCondition
  | ReferenceCondition
  | IdCondition

/** Which values of a resource a clause looks at: an index, or the resource's own id or time of change. */
export type Values = 'token' | 'string' | 'text' | 'date' | 'number' | 'reference' | 'id' | 'lastUpdated'

/** Holds when some value satisfies some condition; negated, when none does. */
export interface ValueClause {
  readonly kind: 'value'
  readonly parameter: ParameterKey
  readonly values: Values
  readonly negated: boolean
  readonly any: readonly Condition[]
}

/** One part of a composite: some value of it satisfies some condition. */
export interface PartCondition {
  readonly component: ParameterKey
  readonly any: readonly Condition[]
}

/** Holds when some element satisfies one of the alternatives, all parts of it in that one element. */
export interface GroupClause {
  readonly kind: 'group'
  readonly parameter: ParameterKey
  readonly negated: boolean
  readonly any: readonly (readonly PartCondition[])[]
}

/** One alternative: all clauses hold, and the resource is of the type when one is named. */
export interface Alternative {
  readonly type?: string
  readonly clauses: readonly Clause[]
}

/** Holds when some alternative does; negated, when none does. */
export interface EitherClause {
  readonly kind: 'either'
  readonly negated: boolean
  readonly any: readonly Alternative[]
}

/** Resources at the other end of a reference: of one type, in reach of the caller, and satisfying all clauses. */
export interface Link {
  /** The reference, by the type that holds it. */
  readonly parameter: ParameterKey
  readonly type: string
  /** What of that type may be looked at: what is outside counts as not being there. */
  readonly reach: ReachPlan
  readonly clauses: readonly Clause[]
}

/** A chain, or reversed a `_has`: holds when some link leads to a resource. It cannot be told of one resource alone. */
export interface LinkClause {
  readonly kind: 'link'
  /** Whether the other resource points to this one. */
  readonly reverse: boolean
  readonly any: readonly Link[]
}

export type Clause = ValueClause | GroupClause | EitherClause | LinkClause

/** One way to be in reach (or to be withheld): all of it must hold. */
export interface Arm {
  /** A resource type, or `*`. */
  readonly type: string
  /** Each list names patients; the resource is in the compartment of one of each list. */
  readonly patients: readonly (readonly string[])[]
  /** A resource that is in compartments of these patients and of no other is not meant. */
  readonly except?: readonly string[]
  readonly clauses: readonly Clause[]
}

/** In reach is what some arm of `within` has and no arm of `without`; an empty `within` has nothing. */
export interface ReachPlan {
  readonly within: readonly Arm[]
  readonly without: readonly Arm[]
}

export interface SortKey {
  readonly parameter: ParameterKey
  readonly values: Values
  readonly descending: boolean
}

/** A place in a sorted result: the sort values of the last resource given, and the store's own number for it. */
export interface Position {
  readonly values: readonly (string | number | null)[]
  readonly row: number
}

export interface SearchPlan {
  /** A resource type, or `*` for all. */
  readonly type: string
  /** With `*`, only these; absent for all. */
  readonly types?: readonly string[]
  readonly clauses: readonly Clause[]
  readonly reach: ReachPlan
  /** After these, and without any, the order is that of first storing. */
  readonly sort: readonly SortKey[]
  /** Resources on a page; 0 asks for the total alone. */
  readonly count: number
  /** Whether all matches are counted. */
  readonly total: boolean
  /** Whether the count may be left out where it takes too long. */
  readonly totalIfSoon?: true
  readonly after?: Position
}
