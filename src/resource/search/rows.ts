/**
 * What is indexed of a resource: one row for each value that a search parameter finds in it.
 * Stores keep the rows; the check of a single resource looks at the very same rows in memory.
 */

/** Names a search parameter. Those that every type has belong to `Resource`. */
export interface ParameterKey {
  readonly owner: string
  readonly code: string
}

/** `system` is empty when there is none; both are empty for an element that is there but has no code. */
export interface TokenValue {
  readonly kind: 'token'
  readonly system: string
  readonly code: string
}

/** `folded` is what is compared without regard to case and accents; of a uri it is the uri. */
export interface StringValue {
  readonly kind: 'string'
  readonly folded: string
  readonly exact: string
}

/** From `low` up to, but not including, `high`, in milliseconds since 1970. */
export interface DateValue {
  readonly kind: 'date'
  readonly low: number
  readonly high: number
}

/** A number or quantity, both ends included. */
export interface NumberValue {
  readonly kind: 'number'
  readonly low: number
  readonly high: number
  readonly system: string
  readonly code: string
  readonly unit: string
}

/** Type and id of a relative reference, or the url of any other (a canonical with and without its version). */
export interface ReferenceValue {
  readonly kind: 'reference'
  readonly type: string
  readonly id: string
  readonly url: string
}

/** What people read beside a code: folded words, each after a space. */
export interface TextValue {
  readonly kind: 'text'
  readonly words: string
}

export type IndexValue = TokenValue | StringValue | TextValue | DateValue | NumberValue | ReferenceValue

export interface IndexRow {
  readonly parameter: ParameterKey
  readonly value: IndexValue
  /** The element among those of a composite that the value stands in; absent for values that stand alone. */
  readonly part?: number
}

/** Earlier and later than any date: the ends that an open period does not have. */
export const beginningOfTime = -8.64e15
export const endOfTime = 8.64e15
