// An app may name beforehand the key that its code will be bound to: whoever catches the code needs that key too. RFC 9449 §10.
import type { Params } from '../../http/params.ts'
import { OAuthError } from '../errors.ts'

const thumbprint = /^[A-Za-z0-9_-]{43}$/

/** The `dpop_jkt` of the request, the SHA-256 thumbprint of a key in base64url. */
export function checkDpopJkt(params: Params): string | undefined {
  const jkt = params.get('dpop_jkt')
  if (jkt !== undefined && !thumbprint.test(jkt)) throw new OAuthError('dpopJkt')
  return jkt
}
