// What an app asks for itself has to lie within its registration: each scope of it, or the request is refused.
// BKND-08, BKND-11, BKND-14, SCOPE-24, AMB-19, AMB-28, RFC-28; RFC 6749 §3.3.
import { coversScope, formatGrant, parseGrant } from '../../smart/grant.ts'
import { formatScope, parseScopes, type Scope } from '../../smart/scope.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { SCOPE_LENGTH } from '../lengths.ts'
import type { FilterSupport } from '../ports.ts'
import { shownScope } from '../shown-scope.ts'

const mostScopes = 300

/** The scope as it is granted: what was asked, each once. */
export function checkSystemScope(
  text: string | undefined,
  client: Client,
  supportsFilter: FilterSupport,
): string {
  if (text === undefined) throw new OAuthError('systemScope', { text: 'The parameter scope is missing.' })
  if (text.length > SCOPE_LENGTH) throw tooLong()
  const { scopes, refused } = parseScopes(text)
  if (scopes.length + refused.length > mostScopes) throw tooLong()
  const [unknown] = refused
  if (unknown !== undefined) refuse(unknown, 'is no scope that is known here')
  const registered = parseGrant(client.scope).scopes
  for (const scope of scopes) checkOne(scope, registered, supportsFilter)
  if (scopes.length === 0) throw new OAuthError('systemScope', { text: 'The parameter scope is empty.' })
  return formatGrant({ scopes: [...new Map(scopes.map((scope) => [formatScope(scope), scope])).values()] })
}

function checkOne(scope: Scope, registered: readonly Scope[], supportsFilter: FilterSupport): void {
  const name = formatScope(scope)
  if (scope.kind !== 'extension' && (scope.kind !== 'resource' || scope.level !== 'system')) {
    refuse(name, 'needs a user: an app can have only system/ scopes for itself')
  }
  if (scope.kind === 'resource' && scope.filter.length > 0 && !supportsFilter(scope.type, scope.filter)) {
    refuse(name, 'has a filter that this server cannot enforce')
  }
  if (!coversScope(registered, scope)) refuse(name, 'goes beyond what the app is registered for')
}

function tooLong(): OAuthError {
  return new OAuthError('systemScope', { text: 'The parameter scope is too long.' })
}

function refuse(scope: string, why: string): never {
  throw new OAuthError('systemScope', { text: `The parameter scope: ${shownScope(scope)} ${why}.` })
}
