// What could be granted at all: known scopes, within the app's registration, with filters this server can enforce.
// RFC-28, SCOPE-09, AMB-21 (a bad scope is dropped), AMB-28, SCOPE-24 (no system/ rights without a backend), AMB-20.
import type { Params } from '../../http/params.ts'
import { coversScope, type Grant, intersect, parseGrant } from '../../smart/grant.ts'
import { type ContextScope, formatScope, parseScopes, type Scope } from '../../smart/scope.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { FilterSupport } from '../ports.ts'

const longestText = 64 * 1024
const mostScopes = 1000

/** The scopes of the request that this app may be granted, each once, in the order they were asked for. */
export function checkScope(params: Params, client: Client, supportsFilter: FilterSupport): readonly Scope[] {
  const text = params.get('scope')
  if (!text) throw new OAuthError('scopeMissing')
  if (text.length > longestText) throw new OAuthError('scopeTooLong')
  const { scopes } = parseScopes(text)
  if (scopes.length > mostScopes) throw new OAuthError('scopeTooLong')
  const registered = parseGrant(client.scope)
  const possible = scopes
    .filter((scope) => isGrantable(scope, client, supportsFilter))
    .flatMap((scope) => within(registered, scope))
  return nonEmpty(eachOnce(possible))
}

/** Refuses a request of which no scope is left. */
export function nonEmpty(scopes: readonly Scope[]): readonly Scope[] {
  if (scopes.length === 0) throw new OAuthError('scopeNothingLeft')
  return scopes
}

function isGrantable(scope: Scope, client: Client, supportsFilter: FilterSupport): boolean {
  switch (scope.kind) {
    case 'resource':
      return (
        scope.level !== 'system' && (scope.filter.length === 0 || supportsFilter(scope.type, scope.filter))
      )
    case 'refresh':
      return client.grantTypes.includes('refresh_token')
    case 'extension':
      return false // none is defined here
    default:
      return true
  }
}

/** The scope itself where the registration covers it; else those parts of it that the registration has. */
function within(registered: Grant, scope: Scope): readonly Scope[] {
  if (scope.kind === 'context')
    return registered.scopes.some((other) => isSameContext(other, scope)) ? [scope] : []
  if (coversScope(registered.scopes, scope)) return [scope]
  return scope.kind === 'resource' ? intersect(registered, { scopes: [scope] }).scopes : []
}

/** A role only tells which of several is meant; no right hangs on it (CTX-04, CTX-06). */
function isSameContext(registered: Scope, scope: ContextScope): boolean {
  return registered.kind === 'context' && registered.type === scope.type
}

function eachOnce(scopes: readonly Scope[]): Scope[] {
  return [...new Map(scopes.map((scope) => [formatScope(scope), scope])).values()]
}
