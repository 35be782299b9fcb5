// What every successful answer has: an access token (a JWT of RFC 9068, or one that says nothing), its type and life, the granted scope, and the
// launch context. TOK-12 to TOK-16, TOK-21, TOK-23 to TOK-25, TOK-27, TOK-28, REFR-13 to REFR-15, REFR-18, CTX-13.
import { contextMembers } from '../../smart/context.ts'
import { parseGrant } from '../../smart/grant.ts'
import type { Client } from '../client.ts'
import type { AccessClaims, AccessRecord, GrantRecord } from '../grant.ts'
import { CARRIED_SCOPE_LENGTH } from '../lengths.ts'
import { accessLifetime } from '../lifetimes.ts'
import { hashSecret } from '../secrets.ts'
import type { TokenDeps } from './deps.ts'
import { isNamedBy, namesIn } from './person-claims.ts'

/** An access token that is on its way: its name is known before its signature is. */
export interface IssuedAccessToken {
  readonly tokenId: string
  readonly members: Promise<Record<string, unknown>>
  /** Of an opaque token: what the store has to keep, together with what else is given. */
  readonly record?: AccessRecord
}

/** What of a token does not follow from its grant. */
interface Limits {
  /** It ends no later, in seconds since 1970. */
  readonly notAfter?: number
  /** The `jti` of the token it is exchanged for. */
  readonly origin?: string
}

/** Makes an access token for `scope`, which is the grant's or a part of it. */
export function issueAccessToken(
  grant: GrantRecord,
  scope: string,
  client: Client,
  deps: TokenDeps,
  limits: Limits = {},
): IssuedAccessToken {
  const claims = claimsOf(grant, scope, client, deps, limits)
  const shared = {
    ...contextMembers(grant.context),
    token_type: deps.jkt === undefined ? 'Bearer' : 'DPoP',
    expires_in: claims.exp - claims.iat,
    scope,
  }
  if (formatOf(client, scope) === 'opaque') {
    const token = deps.ids.secret()
    const members = Promise.resolve({ access_token: token, ...shared })
    return { tokenId: claims.jti, members, record: { hash: hashSecret(token), claims } }
  }
  const members = deps.signAccessToken(claims).then((token) => ({ access_token: token, ...shared }))
  return { tokenId: claims.jti, members }
}

/** Where the app has not said which it wants, a scope that would make a token too long for a header is not in it, but in the store (TOK-28). */
function formatOf({ accessTokenFormat }: Client, scope: string): 'jwt' | 'opaque' {
  return accessTokenFormat ?? (scope.length > CARRIED_SCOPE_LENGTH ? 'opaque' : 'jwt')
}

function claimsOf(
  grant: GrantRecord,
  scope: string,
  client: Client,
  deps: TokenDeps,
  { notAfter = Number.MAX_SAFE_INTEGER, origin }: Limits,
): AccessClaims {
  const issuedAt = Math.floor(deps.now() / 1000)
  const lifetime = Math.floor(accessLifetime(client, grant, deps.lifetimes) / 1000)
  const { patient, encounter } = grant.context
  return {
    iss: deps.baseUrl,
    // An app that acts for itself is its own subject, and says so (RFC 9068 §2.2, §5).
    ...(grant.userId === undefined
      ? { sub: grant.clientId, gty: 'client_credentials' }
      : { sub: grant.userId }),
    aud: deps.fhirBase,
    client_id: grant.clientId,
    iat: issuedAt,
    exp: Math.min(issuedAt + lifetime, notAfter),
    jti: deps.ids.id('at_'),
    scope,
    ...(patient !== undefined && { patient }),
    ...(encounter !== undefined && { encounter }),
    ...recordOf(grant, scope),
    grant: grant.id,
    ...(deps.jkt !== undefined && { cnf: { jkt: deps.jkt } }),
    ...(origin !== undefined && { origin }),
  }
}

/** An app can read its token: it says which record its user is only where the app may know that. Others ask by `sub` or introspection. */
function recordOf({ fhirUser }: GrantRecord, scope: string): Pick<AccessClaims, 'fhirUser'> {
  return fhirUser !== undefined && isNamedBy(namesIn(parseGrant(scope).scopes)) ? { fhirUser } : {}
}
