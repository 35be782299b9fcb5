// Who gets a refresh token, and how long it may be used. REFR-01 to REFR-04, RFC-12.
import { parseGrant } from '../../smart/grant.ts'
import type { Client } from '../client.ts'
import { REFRESH_IDLE_LIMIT } from '../durations.ts'
import type { GrantRecord, RefreshRecord, UserGrant } from '../grant.ts'
import { hashSecret } from '../secrets.ts'
import type { TokenDeps } from './deps.ts'

function holds(grant: GrantRecord, name: 'offline_access' | 'online_access'): boolean {
  return parseGrant(grant.scope).scopes.some((scope) => scope.kind === 'refresh' && scope.name === name)
}

/** A new refresh token, if the grant has one coming. */
export function issueRefreshToken(
  grant: GrantRecord,
  client: Client,
  deps: Pick<TokenDeps, 'ids' | 'now'>,
): { readonly token: string; readonly record: RefreshRecord } | undefined {
  if (!client.grantTypes.includes('refresh_token')) return undefined
  if (!holds(grant, 'offline_access') && !holds(grant, 'online_access')) return undefined
  const token = deps.ids.secret()
  return { token, record: { hash: hashSecret(token), grantId: grant.id, issuedAt: deps.now() } }
}

/** Whether a refresh token still may be used: offline until it lay unused for 90 days, online while its session lives. */
export async function isRefreshable(
  grant: UserGrant,
  token: RefreshRecord,
  deps: Pick<TokenDeps, 'signIn' | 'now'>,
): Promise<boolean> {
  if (token.issuedAt + REFRESH_IDLE_LIMIT <= deps.now()) return false
  if (!(await deps.signIn.isUserActive(grant.userId))) return false
  return holds(grant, 'offline_access') || deps.signIn.isSessionLive(grant.sessionId)
}
