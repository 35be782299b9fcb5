/** A call of `$everything`, understood. */
import type { Question } from '../find.ts'
import type { Given } from '../given.ts'
import type { Focus } from './focus.ts'
import type { Wish } from './legs.ts'
import type { Place } from './walk.ts'

/** What is told, of what, and from where on. */
export interface Telling {
  readonly focus: Focus
  readonly given: Given
  readonly wish: Wish
  readonly legs: readonly Question[]
  readonly from: Place
}
