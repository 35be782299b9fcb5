// The user's word is final: what was not ticked is not granted, and nothing can be ticked that was not asked. CONS-01, AUTHZ-25, SCOPE-27.
import type { Params } from '../../http/params.ts'
import { covers, coversScope, parseGrant } from '../../smart/grant.ts'
import { formatScope, type Scope } from '../../smart/scope.ts'
import { messages } from '../../ui/messages.ts'
import { OAuthError } from '../errors.ts'
import type { AskedScope } from '../pages/consent.ts'
import { scopeWords } from '../pages/scope-words.ts'
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
  const possible = offered.map((scope) => ({ scope, parts: scopeParts(scope, offered, supportsFilter) }))
  const ticked = tickedIn(form, 'scope', offered)
  const tickedParts = tickedIn(
    form,
    'part',
    possible.flatMap(({ parts }) => parts),
  )
  const granted = possible.flatMap(({ scope, parts }) => {
    const chosen = parts.filter((part) => tickedParts.has(questionOf(part)))
    return chosen.length > 0 ? chosen : ticked.has(questionOf(scope)) ? [scope] : []
  })
  if (!covers({ scopes: offered }, { scopes: granted })) throw notOnForm()
  if (granted.length === 0) throw new OAuthError('denied', { detail: 'allowed nothing' })
  return eachOnce(granted)
}

/** The questions that were answered by ticking; what is ticked has to be on the page. */
function tickedIn(form: Params, name: 'scope' | 'part', possible: readonly Scope[]): ReadonlySet<string> {
  const known = new Map(possible.map((scope) => [formatScope(scope), scope]))
  return new Set(
    form.all(name).map((text) => {
      const scope = known.get(text)
      if (scope === undefined) throw notOnForm()
      return questionOf(scope)
    }),
  )
}

/**
 * What the page asks by a scope. An app may ask the same in several spellings: `.rs` and `.read`, `fhirUser` and `profile`. What
 * reads the same is one question, and its answer is meant for each; only of two roles one may be left out.
 */
function questionOf(scope: Scope): string {
  if (scope.kind === 'context' && scope.role !== undefined) return formatScope(scope)
  const { section, short, notes, writes } = scopeWords(scope, messages('en').consent)
  return JSON.stringify([section, short, notes, writes])
}

function notOnForm(): OAuthError {
  return new OAuthError('choiceUnknown', { detail: 'a scope that was not on the form' })
}

/** Each question of the page with its parts: ticked as it was the last time, and where it was never asked, ticked. */
export function asQuestions(
  offered: readonly Scope[],
  supportsFilter: FilterSupport,
  remembered?: RememberedConsent,
): AskedScope[] {
  const asked = remembered && parseGrant(remembered.asked).scopes
  const granted = parseGrant(remembered?.granted ?? '').scopes
  const isTicked = (scope: Scope) =>
    asked === undefined || !coversScope(asked, scope) || coversScope(granted, scope)
  return [...Map.groupBy(offered, questionOf).values()].flatMap(([scope, ...also]) => {
    if (scope === undefined) return []
    const isWhole = [scope, ...also].every(isTicked)
    const parts = scopeParts(scope, offered, supportsFilter).map((part) => ({
      scope: part,
      isTicked: !isWhole && coversScope(granted, part),
    }))
    return { scope, also, isTicked: isWhole, parts }
  })
}
