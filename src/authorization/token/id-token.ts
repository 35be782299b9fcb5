// Who signed in, for the app alone: RS256, with fhirUser and name where they were granted. CTX-39 to CTX-46, CTX-49, RFC-24, D.2 (profile); OIDC Core §2.
import { parseGrant } from '../../smart/grant.ts'
import { ID_TOKEN_LIFETIME } from '../durations.ts'
import type { UserGrant } from '../grant.ts'
import type { TokenDeps } from './deps.ts'

/** The `id_token` member, if `openid` was granted. */
export async function idToken(
  grant: UserGrant,
  nonce: string | undefined,
  deps: Pick<TokenDeps, 'baseUrl' | 'fhirBase' | 'signIdToken' | 'now'>,
): Promise<{ id_token?: string }> {
  const names = new Set(
    parseGrant(grant.scope).scopes.map((scope) => scope.kind === 'identity' && scope.name),
  )
  if (!names.has('openid')) return {}
  const isNamed = grant.fhirUser !== undefined && (names.has('fhirUser') || names.has('profile'))
  const fhirUser = isNamed ? `${deps.fhirBase}/${grant.fhirUser}` : undefined
  const issuedAt = Math.floor(deps.now() / 1000)
  const claims = {
    iss: deps.baseUrl,
    sub: grant.userId,
    aud: grant.clientId,
    iat: issuedAt,
    exp: issuedAt + ID_TOKEN_LIFETIME / 1000,
    auth_time: Math.floor(grant.authenticatedAt / 1000),
    acr: grant.acr,
    amr: grant.methods,
    nonce,
    fhirUser,
    name: isNamed ? grant.userName : undefined,
    // SMART 1.0 apps look for the same URL under its old name.
    profile: names.has('profile') ? fhirUser : undefined,
  }
  return { id_token: await deps.signIdToken(claims) }
}
