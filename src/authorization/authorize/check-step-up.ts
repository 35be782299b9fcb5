// Whether what the app asks for needs two factors, given within the last minutes: the site says which scopes do.
// NIST SP 800-63B §4.2.3 (reauthentication), RFC 9470 (step-up), in the words of OIDC Core §3.1.2.1.
import { intersect, parseGrant } from '../../smart/grant.ts'
import type { Scope } from '../../smart/scope.ts'
import { hasTwoFactors } from '../acr.ts'
import { OAuthError } from '../errors.ts'
import type { User } from '../ports.ts'
import type { Flow } from './flow.ts'

/** What a site demands a second factor for. */
export interface StepUpRule {
  readonly scopes: readonly Scope[]
  /** Milliseconds that a proof counts for. */
  readonly within: number
}

/** Whether the user has to prove who they are again; an app that may not ask them (`prompt=none`) is told. */
export function owesStepUp(flow: Flow, user: User, rule: StepUpRule | undefined): boolean {
  if (!rule || !touches(flow.request.scope, rule)) return false
  const { methods, authenticatedAt } = user
  const isRecent = authenticatedAt !== undefined && authenticatedAt >= flow.createdAt - rule.within
  if (hasTwoFactors(methods) && isRecent) return false
  if (flow.request.prompt.none) throw new OAuthError('loginRequired', { detail: 'step-up' })
  return true
}

/** Whether anything that is asked for is part of what needs it. */
function touches(asked: string, { scopes }: StepUpRule): boolean {
  return intersect({ scopes }, parseGrant(asked)).scopes.length > 0
}
