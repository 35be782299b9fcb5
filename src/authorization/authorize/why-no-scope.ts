/** Why nothing of what an app asks for can be granted, told of the first of its scopes: what the app has to change. RFC-28. */
import { formatScope, type Scope } from '../../smart/scope.ts'
import type { Client } from '../client.ts'
import type { FilterSupport } from '../ports.ts'
import { shownScope } from '../shown-scope.ts'

/** The sentence; `refused` is what is no scope. */
export function whyNoScope(
  { scopes, refused }: { readonly scopes: readonly Scope[]; readonly refused: readonly string[] },
  client: Client,
  supportsFilter: FilterSupport,
): string {
  const [unknown] = refused
  const [first] = scopes
  const sentence = 'None of the scopes asked for can be granted to this app'
  if (unknown !== undefined) return `${sentence}: ${shownScope(unknown)} is no scope that is known here.`
  if (first === undefined) return `${sentence}: there is none.`
  return `${sentence}: ${shownScope(formatScope(first))} ${whyNot(first, client, supportsFilter)}.`
}

function whyNot(scope: Scope, client: Client, supportsFilter: FilterSupport): string {
  if (scope.kind === 'extension') return 'is none that a user can grant'
  if (scope.kind === 'resource' && scope.level === 'system') return 'is for apps without a user'
  if (scope.kind === 'resource' && scope.filter.length > 0 && !supportsFilter(scope.type, scope.filter))
    return 'has a filter that this server cannot enforce'
  if (scope.kind === 'refresh' && !client.grantTypes.includes('refresh_token'))
    return 'needs the grant type refresh_token in the registration of the app'
  return 'is not within what the app is registered for'
}
