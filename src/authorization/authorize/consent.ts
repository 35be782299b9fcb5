// The user's word is final: what was not ticked is not granted, and nothing can be ticked that was not asked. CONS-01, AUTHZ-25, SCOPE-27.
import type { Params } from '../../http/params.ts'
import { covers, coversScope, parseGrant } from '../../smart/grant.ts'
import { formatScope, type Scope } from '../../smart/scope.ts'
import { OAuthError } from '../errors.ts'
import type { AskedScope } from '../pages/consent.ts'
import type { FilterSupport, User } from '../ports.ts'
import type { RememberedConsent } from '../remembered-consent.ts'
import type { Flow } from './flow.ts'
import { scopeParts } from './scope-parts.ts'

/** What this user is asked about; nobody without a FHIR record can be named by one (CTX-40). */
export function offeredScopes(flow: Flow, user: User): Scope[] {
  const { scopes } = parseGrant(flow.request.scope)
  const isNamed = user.fhirUser !== undefined
  return scopes.filter((scope) => isNamed || scope.kind !== 'identity' || scope.name === 'openid')
}

/** The scopes that the consent form grants: those ticked as `scope`, each only so far as a `part` of it was ticked. */
export function checkConsent(
  offered: readonly Scope[],
  form: Params,
  supportsFilter: FilterSupport,
): Scope[] {
  const decision = form.get('decision')
  if (form.repeated(['decision']) || (decision !== 'allow' && decision !== 'deny')) {
    throw new OAuthError('choiceUnknown')
  }
  if (decision === 'deny') throw new OAuthError('denied')
  const ticked = new Set(form.all('scope'))
  const parts = new Set(form.all('part'))
  const granted = offered.flatMap((scope) => {
    const isTicked = ticked.delete(formatScope(scope))
    const chosen = scopeParts(scope, offered, supportsFilter).filter((part) =>
      parts.delete(formatScope(part)),
    )
    return chosen.length > 0 ? chosen : isTicked ? [scope] : []
  })
  if (ticked.size > 0 || parts.size > 0 || !covers({ scopes: offered }, { scopes: granted })) {
    throw new OAuthError('choiceUnknown', { detail: 'a scope that was not on the form' })
  }
  if (granted.length === 0) throw new OAuthError('denied', { detail: 'allowed nothing' })
  return granted
}

/** Each scope of the page with its parts: ticked as it was the last time, and where it was never asked, ticked. */
export function asQuestions(
  offered: readonly Scope[],
  supportsFilter: FilterSupport,
  remembered?: RememberedConsent,
): AskedScope[] {
  const asked = remembered && parseGrant(remembered.asked).scopes
  const granted = parseGrant(remembered?.granted ?? '').scopes
  return offered.map((scope) => {
    const wasAsked = asked !== undefined && coversScope(asked, scope)
    const isTicked = !wasAsked || coversScope(granted, scope)
    return {
      scope,
      isTicked,
      parts: scopeParts(scope, offered, supportsFilter).map((part) => ({
        scope: part,
        isTicked: !isTicked && coversScope(granted, part),
      })),
    }
  })
}
