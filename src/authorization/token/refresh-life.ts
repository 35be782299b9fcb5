// Who gets a refresh token, and how long it may be used. REFR-01 to REFR-04, REG-05, RFC-12.
import { parseGrant } from '../../smart/grant.ts'
import { isCovered } from '../authorize/check-scope.ts'
import { type Client, isConfidential } from '../client.ts'
import type { GrantRecord, RefreshRecord, UserGrant } from '../grant.ts'
import { refreshLifetime } from '../lifetimes.ts'
import { hashInOrder } from '../secrets.ts'
import type { TokenDeps } from './deps.ts'

/** Whether that was granted, and the registration has it still. */
function holds(grant: GrantRecord, name: 'offline_access' | 'online_access', client: Client): boolean {
  const registered = parseGrant(client.scope)
  return parseGrant(grant.scope).scopes.some(
    (scope) => scope.kind === 'refresh' && scope.name === name && isCovered(registered, scope),
  )
}

/** Whether an app may refresh at all, by what it was granted and by what it is registered for now. */
export function mayRefresh(grant: GrantRecord, client: Client): boolean {
  if (!client.grantTypes.includes('refresh_token')) return false
  return holds(grant, 'offline_access', client) || holds(grant, 'online_access', client)
}

/** A new refresh token, if the grant has one coming. */
export function issueRefreshToken(
  grant: GrantRecord,
  client: Client,
  deps: Pick<TokenDeps, 'ids' | 'now' | 'jkt'>,
): { readonly token: string; readonly record: RefreshRecord } | undefined {
  if (!mayRefresh(grant, client)) return undefined
  const issuedAt = deps.now()
  const token = deps.ids.secretInOrder(issuedAt)
  // An app that authenticates is bound by that already, and may change its key (RFC 9449 §5).
  const bound = deps.jkt !== undefined && !isConfidential(client) && { jkt: deps.jkt }
  return { token, record: { hash: hashInOrder(token), grantId: grant.id, issuedAt, ...bound } }
}

/** When a refresh token dies of age, in milliseconds since 1970: of lying unused, or with the grant's own end. */
export function refreshExpiry(
  grant: GrantRecord,
  token: RefreshRecord,
  client: Client,
  deps: Pick<TokenDeps, 'lifetimes'>,
): number {
  const { idle, absolute } = refreshLifetime(client, deps.lifetimes)
  return Math.min(token.issuedAt + idle, grant.createdAt + absolute)
}

/** Whether a refresh token of an app that {@link mayRefresh} still may be used: offline until it dies of age, online also only while its session lives. */
export async function isRefreshable(
  grant: UserGrant,
  token: RefreshRecord,
  client: Client,
  deps: Pick<TokenDeps, 'signIn' | 'lifetimes' | 'now'>,
): Promise<boolean> {
  if (refreshExpiry(grant, token, client, deps) <= deps.now()) return false
  if (!(await deps.signIn.isUserActive(grant.userId))) return false
  return holds(grant, 'offline_access', client) || deps.signIn.isSessionLive(grant.sessionId)
}
