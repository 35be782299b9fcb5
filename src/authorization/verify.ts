// An access token is one of ours, for our FHIR server, not expired, and its grant lives. RSRC-02, RSRC-04, TOK-15; RFC 9068 §4.
import { parseScopes, type Scope } from '../smart/scope.ts'
import type { AccessClaims } from './grant.ts'
import type { GrantLife } from './grant-life.ts'
import { isSignedBy, parseToken } from './jwt.ts'
import type { Keys } from './keys.ts'
import { createMemory } from './memory.ts'
import type { GrantStore } from './ports.ts'
import { hashSecret } from './secrets.ts'

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
  /** The thumbprint of the key that it is bound to: without a proof by that key it counts for nothing. @see RFC 9449 §6 */
  readonly jkt?: string
  /** Word for word. */
  readonly claims: AccessClaims
}

/** The content of an access token; nothing when it is not ours, expired or revoked. */
export type VerifyAccessToken = (token: string) => Promise<VerifiedToken | undefined>

interface VerifierDeps {
  readonly keys: Pick<Keys, 'all' | 'seek' | 'generation'>
  readonly issuer: string
  readonly audience: string
  readonly life: Pick<GrantLife, 'isLive'>
  readonly grants: Pick<GrantStore, 'findAccess'>
  /** Whether the apps of this kind are switched off, whatever the store says of the app. */
  readonly isSwitchedOff: (clientId: string) => boolean
  readonly now: () => number
}

const remembered = 10_000
// The longest token we issue is far below; hashing more is work for nothing (TOK-28).
const longestToken = 128 * 1024

// 256 bits in base64url: what an opaque token looks like, and no JWT does.
const opaque = /^[A-Za-z0-9_-]{43}$/

/** Makes the check of access tokens; a token that passed is remembered until it expires, only its life is asked about again. */
export function createTokenVerifier(deps: VerifierDeps): VerifyAccessToken {
  let passed = createMemory<VerifiedToken>(remembered)
  let generation = deps.keys.generation
  return async (token) => {
    if (token.length > longestToken) return undefined
    const hash = hashSecret(token)
    if (generation !== deps.keys.generation) {
      // A key is gone: what it signed is no longer worth what it was.
      passed = createMemory(remembered)
      generation = deps.keys.generation
    }
    let verified = passed.get(hash, deps.now())
    if (!verified) {
      const claims = opaque.test(token) ? await loadClaims(hash, deps) : await readClaims(token, deps)
      if (!claims) return undefined
      verified = toVerified(claims)
      if (generation === deps.keys.generation) passed.set(hash, verified, claims.exp * 1000)
    }
    const { clientId, grantId, tokenId, claims } = verified
    if (deps.isSwitchedOff(clientId)) return undefined
    return (await deps.life.isLive(grantId, tokenId, claims.origin)) ? verified : undefined
  }
}

/** Texts without which a token says nothing: of whom it is, what for, and of which grant. @see RFC 9068 §2.2 */
const required = ['sub', 'client_id', 'jti', 'scope', 'grant'] as const

async function loadClaims(hash: string, deps: VerifierDeps): Promise<AccessClaims | undefined> {
  const found = await deps.grants.findAccess(hash)
  return found && checkClaims(found.claims, deps)
}

async function readClaims(token: string, deps: VerifierDeps): Promise<AccessClaims | undefined> {
  const parts = parseToken(token)
  const header = parts?.header as { alg?: unknown; typ?: unknown; kid?: unknown } | undefined
  if (!parts || header?.alg !== 'ES256' || header.typ !== 'at+jwt') return undefined
  const key = await findKey(header.kid, deps.keys)
  if (!key || !isSignedBy(key, parts.input, parts.signature)) return undefined
  return checkClaims(parts.claims as AccessClaims, deps)
}

/** The key decides the algorithm; what the token says has only to agree (RFC 8725 §3.1). Another node may have made it just now. */
async function findKey(kid: unknown, keys: VerifierDeps['keys']) {
  const find = () => keys.all.find((one) => one.alg === 'ES256' && one.kid === kid)
  const known = find()
  if (known || typeof kid !== 'string') return known
  await keys.seek()
  return find()
}

function checkClaims(
  claims: AccessClaims,
  { issuer, audience, now }: VerifierDeps,
): AccessClaims | undefined {
  const isWhole = typeof claims.exp === 'number' && required.every((name) => typeof claims[name] === 'string')
  const isOurs = claims.iss === issuer && claims.aud === audience && isWhole && isSubjectPlain(claims)
  return isOurs && claims.exp * 1000 > now() ? claims : undefined
}

/** Who is behind it is said in one way: a token of an app for itself names nobody else, and no user's token claims to be one. */
function isSubjectPlain({ gty, sub, client_id }: AccessClaims): boolean {
  return gty === undefined || (gty === 'client_credentials' && sub === client_id)
}

function toVerified(claims: AccessClaims): VerifiedToken {
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
    ...(claims.cnf && { jkt: claims.cnf.jkt }),
    claims,
  }
}
