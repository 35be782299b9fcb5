// What every successful answer has: a JWT access token of RFC 9068, its type and life, the granted scope, and the launch context.
// TOK-12 to TOK-16, TOK-21, TOK-24, TOK-25, REFR-13 to REFR-15, REFR-18, CTX-13.
import { contextMembers } from '../../smart/context.ts'
import { type Client, isConfidential } from '../client.ts'
import { BACKEND_TOKEN_LIFETIME, CONFIDENTIAL_TOKEN_LIFETIME, PUBLIC_TOKEN_LIFETIME } from '../durations.ts'
import type { GrantRecord } from '../grant.ts'
import type { TokenDeps } from './deps.ts'

/** An access token that is on its way: its name is known before its signature is. */
export interface IssuedAccessToken {
  readonly tokenId: string
  readonly members: Promise<Record<string, unknown>>
}

/** Signs an access token for `scope`, which is the grant's or a part of it. */
export function issueAccessToken(
  grant: GrantRecord,
  scope: string,
  client: Client,
  deps: TokenDeps,
): IssuedAccessToken {
  const lifetime = lifetimeOf(grant, client) / 1000
  const issuedAt = Math.floor(deps.now() / 1000)
  const { patient, encounter } = grant.context
  const tokenId = deps.ids.id('at_')
  const signed = deps.signAccessToken({
    iss: deps.baseUrl,
    // An app that acts for itself is its own subject, and says so (RFC 9068 §2.2, §5).
    ...(grant.userId === undefined
      ? { sub: grant.clientId, gty: 'client_credentials' }
      : { sub: grant.userId }),
    aud: deps.fhirBase,
    client_id: grant.clientId,
    iat: issuedAt,
    exp: issuedAt + lifetime,
    jti: tokenId,
    scope,
    // Undefined members are left out of JSON.
    patient,
    encounter,
    fhirUser: grant.fhirUser,
    grant: grant.id,
  })
  const context = contextMembers(grant.context)
  const members = signed.then((accessToken) => ({
    ...context,
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: lifetime,
    scope,
  }))
  return { tokenId, members }
}

function lifetimeOf({ userId }: GrantRecord, client: Client): number {
  if (userId === undefined) return BACKEND_TOKEN_LIFETIME
  return isConfidential(client) ? CONFIDENTIAL_TOKEN_LIFETIME : PUBLIC_TOKEN_LIFETIME
}
