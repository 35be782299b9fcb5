// An assertion works once. Where something is given it is used up in the same transaction; a refused request uses it up as well, since it
// has been seen, and before it changes anything. CAUTH-37, CAUTH-42; RFC 7523 §3.
import { OAuthError } from '../errors.ts'
import type { ReplayStore, Single } from '../ports.ts'

/** The assertion of a request, kept until it is known what uses it up. */
export interface HeldAssertion extends Pick<ReplayStore, 'isFirst'> {
  /** While it is not used up. */
  readonly single?: Single
  /** Uses it up by itself, if there is one and that was not done yet; throws where another request was first with it. */
  useUp(): Promise<void>
}

/** In the place of the store while the app is authenticated. */
export function holdAssertion(replays: Pick<ReplayStore, 'isFirst'>): HeldAssertion {
  let held: Single | undefined
  return {
    get single() {
      return held
    },
    async isFirst(single) {
      held = single
      return true
    },
    async useUp() {
      const single = held
      held = undefined
      if (single && !(await replays.isFirst(single))) throw new OAuthError('assertionUsed')
    },
  }
}
