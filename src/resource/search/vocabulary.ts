/** What code systems and value sets say about codes, as far as a search has to know it. */
import type { TokenCondition } from './plan.ts'

/** The codes that are meant, or in words why that cannot be told. */
export type Codes = readonly TokenCondition[] | string

export interface Vocabulary {
  /** The members of a value set, named by its canonical url or as `ValueSet/id`. */
  members(valueSet: string): Codes
  /** A code and all that it is a kind of. */
  above(system: string, code: string): Codes
  /** A code and all that are kinds of it. */
  below(system: string, code: string): Codes
}

/** Knows nothing. */
export const noVocabulary: Vocabulary = {
  members: () => 'the members of value sets are not known here',
  above: () => 'the hierarchy of code systems is not known here',
  below: () => 'the hierarchy of code systems is not known here',
}
