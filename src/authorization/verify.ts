// An access token is one of ours, for our FHIR server, not expired, and its grant lives. RSRC-02, RSRC-04, TOK-15; RFC 9068 §4.
import { hash } from 'node:crypto'
import { parseScopes, type Scope } from '../smart/scope.ts'
import { isSignedBy, parseToken } from './jwt.ts'
import type { KeyRing } from './keys.ts'
import { createMemory } from './memory.ts'

/** What a verified access token says. */
export interface VerifiedToken {
  readonly clientId: string
  /** The account; absent for an app that acts for itself. */
  readonly user?: string
  readonly fhirUser?: string
  readonly patient?: string
  readonly encounter?: string
  readonly scopes: readonly Scope[]
  readonly tokenId: string
  readonly grantId: string
}

interface VerifierDeps {
  readonly keys: KeyRing
  readonly issuer: string
  readonly audience: string
  readonly isGrantLive: (grantId: string) => Promise<boolean>
  readonly now: () => number
}

const remembered = 10_000
// The longest token we issue is far below; hashing more is work for nothing (TOK-28).
const longestToken = 128 * 1024

/** Makes the check of access tokens; a token that passed is remembered until it expires, only its grant is asked about again. */
export function createTokenVerifier(
  deps: VerifierDeps,
): (token: string) => Promise<VerifiedToken | undefined> {
  const passed = createMemory<VerifiedToken>(remembered)
  return async (token) => {
    if (token.length > longestToken) return undefined
    const key = hash('sha256', token, 'base64url')
    let verified = passed.get(key, deps.now())
    if (!verified) {
      const claims = readClaims(token, deps)
      if (!claims) return undefined
      verified = toVerified(claims)
      passed.set(key, verified, claims.exp * 1000)
    }
    return (await deps.isGrantLive(verified.grantId)) ? verified : undefined
  }
}

interface Claims {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly client_id: string
  readonly exp: number
  readonly jti: string
  readonly scope: string
  readonly grant: string
  /** On a token that an app has for itself. */
  readonly gty?: string
  readonly patient?: string
  readonly encounter?: string
  readonly fhirUser?: string
}

/** Texts without which a token says nothing: of whom it is, what for, and of which grant. @see RFC 9068 §2.2 */
const required = ['sub', 'client_id', 'jti', 'scope', 'grant'] as const

function readClaims(token: string, { keys, issuer, audience, now }: VerifierDeps): Claims | undefined {
  const parts = parseToken(token)
  const header = parts?.header as { alg?: unknown; typ?: unknown; kid?: unknown } | undefined
  // The key decides the algorithm; what the token says has only to agree (RFC 8725 §3.1).
  const key = keys.all.find((one) => one.alg === 'ES256' && one.kid === header?.kid)
  if (!parts || !key || header?.alg !== 'ES256' || header.typ !== 'at+jwt') return undefined
  if (!isSignedBy(key, parts.input, parts.signature)) return undefined
  const claims = parts.claims as Claims
  const isWhole = typeof claims.exp === 'number' && required.every((name) => typeof claims[name] === 'string')
  const isOurs = claims.iss === issuer && claims.aud === audience && isWhole && isSubjectPlain(claims)
  return isOurs && claims.exp * 1000 > now() ? claims : undefined
}

/** Who is behind it is said in one way: a token of an app for itself names nobody else, and no user's token claims to be one. */
function isSubjectPlain({ gty, sub, client_id }: Claims): boolean {
  return gty === undefined || (gty === 'client_credentials' && sub === client_id)
}

function toVerified(claims: Claims): VerifiedToken {
  const { patient, encounter, fhirUser } = claims
  return {
    clientId: claims.client_id,
    ...(claims.gty === undefined && { user: claims.sub }),
    ...(fhirUser && { fhirUser }),
    ...(patient && { patient }),
    ...(encounter && { encounter }),
    scopes: parseScopes(claims.scope).scopes,
    tokenId: claims.jti,
    grantId: claims.grant,
  }
}
