// Who signed in, for the app alone: RS256, with fhirUser and name where they were granted. CTX-39 to CTX-46, CTX-49, RFC-24, D.2 (profile); OIDC Core §2.
import { parseGrant } from '../../smart/grant.ts'
import type { UserGrant } from '../grant.ts'
import { sidOf } from '../logout/session-name.ts'
import type { TokenDeps } from './deps.ts'
import { namesIn, personClaims } from './person-claims.ts'

/** The `id_token` member, if `openid` was granted. */
export async function idToken(
  grant: UserGrant,
  nonce: string | undefined,
  deps: Pick<TokenDeps, 'baseUrl' | 'fhirBase' | 'signIdToken' | 'lifetimes' | 'now'>,
): Promise<{ id_token?: string }> {
  const names = namesIn(parseGrant(grant.scope).scopes)
  if (!names.has('openid')) return {}
  const issuedAt = Math.floor(deps.now() / 1000)
  const claims = {
    iss: deps.baseUrl,
    sub: grant.userId,
    aud: grant.clientId,
    iat: issuedAt,
    exp: issuedAt + Math.floor(deps.lifetimes.idToken / 1000),
    auth_time: grant.authenticatedAt === undefined ? undefined : Math.floor(grant.authenticatedAt / 1000),
    sid: sidOf(grant.sessionId, grant.clientId),
    acr: grant.acr,
    amr: grant.methods,
    nonce,
    ...personClaims(grant, names, deps.fhirBase),
  }
  return { id_token: await deps.signIdToken(claims) }
}
