// A DPoP proof: made now, with the key it names, for this very request and this very token, and used once. RFC 9449 §4.2, §4.3, §11.1.
import { createHash } from 'node:crypto'
import type { JWK, JWTPayload } from 'jose'
import { plainTarget } from '../../http/target.ts'
import { loadJose } from '../jose.ts'
import type { ReplayStore } from '../ports.ts'
import { invalid, malformed, type Problem, unverified, wrongClaim, wrongNonce } from './fault.ts'
import type { Nonces } from './nonce.ts'

/** The algorithms of proofs, for the discovery documents: asymmetric ones only. */
export const proofAlgorithms = ['ES256', 'ES384', 'RS256', 'PS256', 'EdDSA', 'Ed25519']

const SECOND = 1000
/** How far a proof's time may be from ours, either way. */
const WINDOW = 60 * SECOND
const longestProof = 8 * 1024
const longestId = 256

/** What a proof has to be for. */
export interface ProvenRequest {
  readonly method: string
  /** The address as the outside calls it, without query. */
  readonly url: string
  /** The access token that comes along; none at the token endpoint. */
  readonly token?: string
}

/** The thumbprint of the key that made the proof (RFC 7638), or why it is none. */
export type ProofResult = { readonly jkt: string } | Problem

export interface ProofDeps {
  readonly replays: Pick<ReplayStore, 'isFirst'>
  readonly nonces: Nonces
  /** Whether a proof without a nonce of ours is refused. */
  readonly needsNonce: boolean
  readonly now: () => number
}

/** Checks a proof; nobody can use it a second time, here or at another node. */
export async function checkProof(
  proof: string,
  request: ProvenRequest,
  deps: ProofDeps,
): Promise<ProofResult> {
  const read = proof.length > longestProof ? malformed('too long') : await readProof(proof, deps.now())
  if ('problem' in read) return read
  const { claims, jkt } = read
  const problem = problemOf(claims, request, deps.now()) ?? nonceProblem(claims.nonce, deps)
  if (problem) return problem
  const until = deps.now() + 2 * WINDOW
  const isFirst = await deps.replays.isFirst({
    use: `dpop ${jkt}`,
    id: claims.jti as string,
    expiresAt: until,
  })
  return isFirst
    ? { jkt }
    : invalid(
        'The DPoP proof was used before: every request needs a new one, with another jti.',
        'used before',
      )
}

/** The claims under a signature by the key that the proof itself names. */
async function readProof(
  proof: string,
  now: number,
): Promise<{ readonly claims: JWTPayload; readonly jkt: string } | Problem> {
  const { calculateJwkThumbprint, decodeProtectedHeader, EmbeddedJWK, jwtVerify } = await loadJose()
  try {
    if (proof.split('.').length !== 3) return malformed('not three parts')
    decodeProtectedHeader(proof)
  } catch {
    return malformed('no header')
  }
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: proofAlgorithms,
      currentDate: new Date(now),
      clockTolerance: WINDOW / SECOND,
    })
    return { claims: payload, jkt: await calculateJwkThumbprint(protectedHeader.jwk as JWK) }
  } catch (error) {
    return unverified(error, proofAlgorithms)
  }
}

function problemOf(claims: JWTPayload, request: ProvenRequest, now: number): Problem | undefined {
  const { jti, htm, htu, iat, ath } = claims
  if (typeof jti !== 'string' || jti === '' || jti.length > longestId)
    return wrongClaim('jti', `1 to ${longestId} characters, others in every proof`)
  if (htm !== request.method) return wrongClaim('htm', request.method)
  if (typeof htu !== 'string' || placeOf(htu) !== placeOf(request.url)) return wrongClaim('htu', request.url)
  if (typeof iat !== 'number' || Math.abs(iat * SECOND - now) > WINDOW)
    return wrongClaim('iat', 'within 60 seconds of the time of this server, in seconds since 1970')
  const hash = request.token === undefined ? undefined : sha256(request.token)
  return hash !== undefined && ath !== hash
    ? wrongClaim('ath', 'the SHA-256 of the access token, in base64url')
    : undefined
}

function nonceProblem(nonce: unknown, { nonces, needsNonce }: ProofDeps): Problem | undefined {
  if (nonce === undefined && !needsNonce) return undefined
  if (typeof nonce === 'string' && nonces.isGood(nonce)) return undefined
  return wrongNonce(nonce === undefined ? 'no nonce' : 'not a good nonce')
}

/** Origin and path in the one spelling that requests are brought to; query and fragment do not count (RFC 9449 §4.3; RFC 3986 §6.2.2). */
function placeOf(text: string): string | undefined {
  const url = URL.parse(text)
  return url === null || url.username !== '' ? undefined : url.origin + plainTarget(url.pathname)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
