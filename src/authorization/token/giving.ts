// What is given is stored with its record and with the assertion it was asked by, which works once, all in one transaction. A refused
// request uses its assertion up as well, since it has been seen, and before it changes anything. CAUTH-37, CAUTH-42; RFC 7523 §3.
import type { AuditEvent } from '../../audit/event.ts'
import { OAuthError } from '../errors.ts'
import type { AccessRecord } from '../grant.ts'
import type { Given, Giving, ReplayStore, Single } from '../ports.ts'
import type { TokenDeps } from './deps.ts'

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

/** What goes with what the request is given. */
export function givingOf(
  told: AuditEvent,
  access: AccessRecord | undefined,
  { now, assertion: { single } }: Pick<TokenDeps, 'now' | 'assertion'>,
): Giving {
  return { now: now(), told, ...(access && { access }), ...(single && { single }) }
}

/** Throws where another request was first with the same assertion. */
export function refuseRepeated(given: Given): asserts given is Exclude<Given, 'repeated'> {
  if (given === 'repeated') throw new OAuthError('assertionUsed')
}
