// An ID token that comes back to us, as a hint: signed by us, as an ID token and nothing else. Its age does not matter, nor that its key has been replaced since. OIDC Core §3.1.2.1.
import { isSignedBy, parseToken } from './jwt.ts'
import type { VerifyingKey } from './keys.ts'

/** What a returned ID token says. */
export interface OwnIdToken {
  readonly sub: string
  readonly aud: string
  /** The session it was given in, as its app knows it. */
  readonly sid?: string
}

const longest = 16 * 1024

/** The claims of an ID token that this server issued, expired or not; nothing when it is not one. */
export function readIdToken(
  token: string,
  keys: readonly VerifyingKey[],
  issuer: string,
): OwnIdToken | undefined {
  if (token.length > longest) return undefined
  const parts = parseToken(token)
  const header = parts?.header as { alg?: unknown; typ?: unknown; kid?: unknown } | undefined
  const key = keys.find((one) => one.alg === 'RS256' && one.kid === header?.kid)
  // A logout token is signed by the same key; its type keeps the two apart.
  if (!parts || !key || header?.alg !== 'RS256' || header.typ !== 'JWT') return undefined
  if (!isSignedBy(key, parts.input, parts.signature)) return undefined
  const { iss, sub, aud, sid } = parts.claims as Record<string, unknown>
  if (iss !== issuer || typeof sub !== 'string' || typeof aud !== 'string') return undefined
  return { sub, aud, ...(typeof sid === 'string' && { sid }) }
}
