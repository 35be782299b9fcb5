// What a client assertion says, before anybody asks whether it is true: of one app about itself, for this server, for a few
// minutes, with a name of its own. Each refusal names the member to change. CAUTH-25 to CAUTH-34, AMB-12, AMB-16, EM-14;
// RFC 7523 §3, RFC 8725 §3.11.
import type { JWTPayload, ProtectedHeaderParameters } from 'jose'
import { clientAlgorithms, keyKindOf } from '../client-keys/algorithms.ts'
import { OAuthError } from '../errors.ts'
import { loadJose } from '../jose.ts'

/** An assertion that says what it has to; nothing of it is proven. */
export interface Assertion {
  readonly token: string
  readonly clientId: string
  readonly alg: string
  readonly kid: string
  readonly jku?: string
  readonly jti: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
/** CAUTH-33 */
const longestLife = 5 * MINUTE
/** AMB-12: how far the clocks of app and server may be apart. */
export const CLOCK_SKEW = 1 * MINUTE
const longestToken = 8192
const longestName = 512
/** The usual one, and the one that later drafts ask for; an assertion without any is as old as RFC 7523. */
const types = ['jwt', 'client-authentication+jwt']

/** Reads an assertion; `audiences` are the names under which this server is meant. */
export async function readAssertion(
  token: string,
  audiences: readonly string[],
  now: number,
): Promise<Assertion> {
  if (token.length > longestToken) throw new OAuthError('assertionForm', { detail: 'too long' })
  const { header, claims } = await parse(token)
  return { token, ...readHeader(header), ...readClaims(claims, audiences, now) }
}

async function parse(token: string): Promise<{ header: ProtectedHeaderParameters; claims: JWTPayload }> {
  const { decodeJwt, decodeProtectedHeader } = await loadJose()
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
  } catch (error) {
    throw new OAuthError('assertionForm', { detail: String(error) })
  }
}

function readHeader({ alg, kid, typ, jku, crit }: ProtectedHeaderParameters) {
  // RFC 7515 §4.1.11: what has to be understood is refused where nothing of the kind is.
  if (crit !== undefined) throw header('nothing that crit could name is understood')
  if (typeof alg !== 'string' || !keyKindOf(alg))
    throw header(`alg has to be one of ${clientAlgorithms.join(', ')}`)
  if (!isName(kid)) throw header('kid is missing: it names the key')
  // What was made for another purpose must not serve for this one.
  if (typ !== undefined && !(typeof typ === 'string' && types.includes(typ.toLowerCase())))
    throw header('typ has to be JWT')
  if (jku !== undefined && typeof jku !== 'string') throw header('jku has to be a URL')
  return { alg, kid, ...(jku !== undefined && { jku }) }
}

function readClaims(
  { iss, sub, aud, exp, nbf, iat, jti }: JWTPayload,
  audiences: readonly string[],
  now: number,
) {
  if (!isName(iss) || iss !== sub) throw claim('iss and sub both have to be the client_id')
  const [audience, ...others] = [aud].flat()
  if (typeof audience !== 'string' || others.length > 0 || !audiences.includes(audience))
    throw claim(`aud has to be one of these, alone: ${audiences.join(', ')}`)
  if (!isName(jti)) throw claim('jti is missing: it has to be another one in every JWT')
  return { clientId: iss, jti, expiresAt: checkTimes({ exp, nbf, iat }, now) }
}

function checkTimes({ exp, nbf, iat }: Pick<JWTPayload, 'exp' | 'nbf' | 'iat'>, now: number): number {
  if (!isTime(exp)) throw claim('exp is missing: it has to be a time in whole seconds since 1970')
  const expiresAt = exp * SECOND
  if (expiresAt + CLOCK_SKEW <= now) throw claim('exp is over')
  if (expiresAt > now + longestLife + CLOCK_SKEW) throw claim('exp has to be at most five minutes ahead')
  for (const [name, value] of Object.entries({ nbf, iat })) {
    if (value === undefined) continue
    if (typeof value !== 'number' || !(value * SECOND <= now + CLOCK_SKEW))
      throw claim(`${name} is in the future`)
  }
  return expiresAt
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longestName
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value)
}

function header(what: string): OAuthError {
  return new OAuthError('assertionHeader', { text: `In the header of client_assertion ${what}.` })
}

function claim(what: string): OAuthError {
  return new OAuthError('assertionClaim', { text: `In client_assertion ${what}.` })
}
