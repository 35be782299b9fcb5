/** What the meaning of a search parameter depends on. */
import type { ReachPlan } from './plan.ts'
import type { Vocabulary } from './vocabulary.ts'

export interface Context {
  /** The resource type that is searched. */
  readonly type: string
  /** The FHIR base URL under which references are ours; empty when there is none. */
  readonly base: string
  /** Chains and `_has`; absent where they are not supported, as in a scope's filter. */
  readonly links?: Links
  /** Absent: nothing is known of any value set or code system. */
  readonly vocabulary?: Vocabulary
}

export interface Links {
  /** What of a type may be looked at through a link. */
  readonly reachOf: (type: string) => ReachPlan
  /** Whether one more link may be made of this search: one name may stand for links to many types. */
  readonly spend: () => boolean
  /** How many links lead here. */
  readonly depth: number
}
