// What could be granted at all: known scopes, within the app's registration, with filters this server can enforce.
// RFC-28, SCOPE-09, AMB-21 (a bad scope is dropped), AMB-28, SCOPE-24 (no system/ rights without a backend), AMB-20.
import type { Params } from '../../http/params.ts'
import { coversScope, formatGrant, type Grant, intersect, parseGrant } from '../../smart/grant.ts'
import { type ContextScope, formatScope, parseScopes, type Scope } from '../../smart/scope.ts'
import { type Client, isResourceServer } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { introspectScope } from '../introspect/scope.ts'
import { SCOPE_LENGTH } from '../lengths.ts'
import type { FilterSupport } from '../ports.ts'
import { whyNoScope } from './why-no-scope.ts'

const mostScopes = 300
/** Work that may be made where a request and a registration overlap without one covering the other. */
const mostOverlap = 1000
/** To compare filters with one another costs more than to compare types. */
const filterWeight = 10

/** The scopes of the request that this app may be granted, each once, in the order they were asked for. */
export function checkScope(params: Params, client: Client, supportsFilter: FilterSupport): readonly Scope[] {
  const text = params.get('scope')
  if (!text) throw new OAuthError('scopeMissing')
  if (text.length > SCOPE_LENGTH) throw new OAuthError('scopeTooLong')
  const asked = parseScopes(text)
  const { scopes } = asked
  if (scopes.length > mostScopes) throw new OAuthError('scopeTooLong')
  const grantable = eachOnce(scopes).filter((scope) => isGrantable(scope, client, supportsFilter))
  const possible = eachOnce(allWithin(parseGrant(client.scope), grantable))
  if (formatGrant({ scopes: possible }).length > SCOPE_LENGTH) throw new OAuthError('scopeTooLong')
  if (possible.length > 0) return possible
  throw new OAuthError('scopeNothingLeft', { text: whyNoScope(asked, client, supportsFilter) })
}

/** Each scope itself where the registration covers it; else those parts of it that the registration has. */
export function allWithin(registered: Grant, scopes: readonly Scope[]): Scope[] {
  let overlap = 0
  return scopes.flatMap((scope) => {
    if (isCovered(registered, scope)) return [scope]
    const others = registered.scopes.filter((other) => overlaps(other, scope))
    for (const other of others) overlap += isFiltered(other) ? filterWeight : 1
    if (overlap > mostOverlap) throw new OAuthError('scopeTooLong')
    return intersect({ scopes: others }, { scopes: [scope] }).scopes
  })
}

function isFiltered(scope: Scope): boolean {
  return scope.kind === 'resource' && scope.filter.length > 0
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
      // Only an administrator makes an app one that may ask about tokens, and it has to authenticate; no other extension is defined here.
      return scope.name === introspectScope && isResourceServer(client)
    default:
      return true
  }
}

/** Whether the registration has the whole scope. */
export function isCovered(registered: Grant, scope: Scope): boolean {
  if (scope.kind === 'context') return registered.scopes.some((other) => isSameContext(other, scope))
  return coversScope(registered.scopes, scope)
}

/** Whether there may be a part of the scope that the other one has. */
function overlaps(other: Scope, scope: Scope): boolean {
  if (other.kind !== 'resource' || scope.kind !== 'resource' || other.level !== scope.level) return false
  return other.type === scope.type || other.type === '*' || scope.type === '*'
}

/** A role only tells which of several is meant; no right hangs on it (CTX-04, CTX-06). */
function isSameContext(registered: Scope, scope: ContextScope): boolean {
  return registered.kind === 'context' && registered.type === scope.type
}

/** Scopes that are written alike, once. */
export function eachOnce(scopes: readonly Scope[]): Scope[] {
  return [...new Map(scopes.map((scope) => [formatScope(scope), scope])).values()]
}
