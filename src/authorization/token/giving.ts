// What is given is stored with its record and with the assertion it was asked by, all in one transaction. CAUTH-37; RFC 7523 §3.
import type { AuditEvent } from '../../audit/event.ts'
import { OAuthError } from '../errors.ts'
import type { AccessRecord } from '../grant.ts'
import type { Given, Giving } from '../ports.ts'
import type { TokenDeps } from './deps.ts'

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
