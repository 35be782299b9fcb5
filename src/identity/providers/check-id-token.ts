// The ID token is the provider's own, for us, of this visit, and goes with the access token it came with.
// OpenID Connect Core 1.0 §3.1.3.7 and §3.1.3.8; the library has compared issuer, audience, time and nonce already, and
// what it takes from TLS is proved by the signature here.
import { createHash } from 'node:crypto'
import type { JWTPayload } from 'jose'
import { type Connection, messageOf } from './connect.ts'
import { loadJose } from './libraries.ts'
import type { Visit } from './ports.ts'
import type { Provider } from './provider.ts'
import { Refusal } from './refusal.ts'

const SECOND = 1000
const LONGEST = 64 * 1024
/** How far clocks may be apart, in seconds. */
const TOLERANCE = 30

/** Signatures that only the provider can make; never one that our own client secret would make. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]

export interface Tokens {
  readonly idToken: string
  readonly accessToken: string
}

/** Gives the claims of an ID token that holds, and when the person proved who they are; else refuses as unverified. */
export async function checkIdToken(
  { idToken, accessToken }: Tokens,
  nonce: string,
  visit: Visit,
  provider: Provider,
  connection: Connection,
): Promise<JWTPayload & { readonly sub: string }> {
  if (idToken.length > LONGEST) throw new Refusal('unverified', `an ID token of ${idToken.length} characters`)
  const { payload, alg } = await verify(idToken, provider, connection)
  if (!payload.sub || payload.sub.length > 255) throw new Refusal('unverified', 'sub is absent or too long')
  if (payload.nonce !== nonce) throw new Refusal('unverified', 'the nonce is of another visit')
  if (payload.at_hash !== undefined && payload.at_hash !== leftHalf(accessToken, alg))
    throw new Refusal('unverified', 'at_hash is of another access token')
  checkFreshness(payload, visit)
  return { ...payload, sub: payload.sub }
}

/** With a key that is not known yet the keys are asked for once more: the provider may have changed them just now. */
async function verify(idToken: string, provider: Provider, { keys }: Connection) {
  const { errors, jwtVerify } = await loadJose()
  const options = {
    issuer: provider.issuer,
    audience: provider.clientId,
    algorithms: ALGORITHMS,
    clockTolerance: TOLERANCE,
    requiredClaims: ['exp', 'iat', 'sub'],
  }
  try {
    const verified = await jwtVerify(idToken, keys, options).catch(async (error) => {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      await keys.reload()
      return jwtVerify(idToken, keys, options)
    })
    return { payload: verified.payload, alg: verified.protectedHeader.alg }
  } catch (error) {
    const isOfToken = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)
    throw new Refusal(isOfToken ? 'unverified' : 'down', `ID token: ${messageOf(error)}`, error)
  }
}

/** The left half of the hash that goes with the signature. */
function leftHalf(accessToken: string, alg: string): string {
  const name = /384$/.test(alg) ? 'sha384' : /512$|^Ed/.test(alg) ? 'sha512' : 'sha256'
  const digest = createHash(name).update(accessToken, 'ascii').digest()
  return digest.subarray(0, digest.length / 2).toString('base64url')
}

/** Where a fresh sign-in was asked for, an old one does not do, nor one of which nobody knows how old it is. */
function checkFreshness({ auth_time }: JWTPayload, { again, startedAt }: Visit): void {
  if (auth_time !== undefined && typeof auth_time !== 'number')
    throw new Refusal('unverified', 'auth_time is no number')
  if (!again) return
  if (auth_time === undefined || auth_time * SECOND < startedAt - TOLERANCE * SECOND)
    throw new Refusal('unverified', 'the person did not sign in anew')
}
