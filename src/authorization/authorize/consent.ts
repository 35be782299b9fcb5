// The user's word is final: what was not ticked is not granted, and nothing can be ticked that was not asked. CONS-01, AUTHZ-25, SCOPE-27.
import type { Params } from '../../http/params.ts'
import { parseGrant } from '../../smart/grant.ts'
import { formatScope, type Scope } from '../../smart/scope.ts'
import { OAuthError } from '../errors.ts'
import type { User } from '../ports.ts'
import type { Flow } from './flow.ts'

/** What this user is asked about; nobody without a FHIR record can be named by one (CTX-40). */
export function offeredScopes(flow: Flow, user: User): Scope[] {
  const { scopes } = parseGrant(flow.request.scope)
  const isNamed = user.fhirUser !== undefined
  return scopes.filter((scope) => isNamed || scope.kind !== 'identity' || scope.name === 'openid')
}

/** The scopes that the consent form grants. */
export function checkConsent(offered: readonly Scope[], form: Params): Scope[] {
  const decision = form.get('decision')
  if (form.repeated(['decision']) || (decision !== 'allow' && decision !== 'deny')) {
    throw new OAuthError('choiceUnknown')
  }
  if (decision === 'deny') throw new OAuthError('denied')
  const ticked = new Set(form.all('scope'))
  const granted = offered.filter((scope) => ticked.delete(formatScope(scope)))
  if (ticked.size > 0) throw new OAuthError('choiceUnknown', { detail: 'a scope that was not on the form' })
  if (granted.length === 0) throw new OAuthError('denied', { detail: 'allowed nothing' })
  return granted
}
