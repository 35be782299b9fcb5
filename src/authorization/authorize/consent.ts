// The user's word is final: what was not ticked is not granted, and nothing can be ticked that was not asked. CONS-01, AUTHZ-25, SCOPE-27.
import type { Params } from '../../http/params.ts'
import { covers, coversScope, parseGrant } from '../../smart/grant.ts'
import { formatScope, type ResourceScope, type Scope } from '../../smart/scope.ts'
import { OAuthError } from '../errors.ts'
import type { AskedScope } from '../pages/consent.ts'
import type { FilterSupport, User } from '../ports.ts'
import type { RememberedConsent } from '../remembered-consent.ts'
import { eachOnce } from './check-scope.ts'
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
  const questions = offered.map((scope) => ({ scope, parts: scopeParts(scope, offered, supportsFilter) }))
  const parts = tickedParts(
    form,
    questions.flatMap((question) => question.parts),
  )
  const granted = questions.flatMap(({ scope, parts: possible }) => {
    const isTicked = ticked.delete(formatScope(scope))
    const chosen = possible.filter((part) => parts.has(saidOf(part)))
    return chosen.length > 0 ? chosen : isTicked ? [scope] : []
  })
  if (ticked.size > 0 || !covers({ scopes: offered }, { scopes: granted })) throw notOnForm()
  if (granted.length === 0) throw new OAuthError('denied', { detail: 'allowed nothing' })
  return eachOnce(granted)
}

/** What was said by ticking parts; each has to be one of the page. */
function tickedParts(form: Params, possible: readonly ResourceScope[]): ReadonlySet<string> {
  const known = new Map(possible.map((part) => [formatScope(part), saidOf(part)]))
  return new Set(
    form.all('part').map((text) => {
      const said = known.get(text)
      if (said === undefined) throw notOnForm()
      return said
    }),
  )
}

/**
 * A part as the page says it. An app may ask for the same more than once, as `.rs`, `.read`, or `.r` and `.s`: what is said
 * below one of these rows, which read the same, is meant for each of them.
 */
function saidOf(part: ResourceScope): string {
  const { uri: _, letters, ...rest } = part
  const isSeeing = letters.every((letter) => letter === 'r' || letter === 's')
  return formatScope({ ...rest, version: 2, letters: isSeeing ? ['r', 's'] : letters })
}

function notOnForm(): OAuthError {
  return new OAuthError('choiceUnknown', { detail: 'a scope that was not on the form' })
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
