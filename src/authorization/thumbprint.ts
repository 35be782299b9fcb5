/** What a public key is known by, whatever name was given to it. RFC 7638 §3 */
import { hash, type KeyObject } from 'node:crypto'

/** The SHA-256 thumbprint of a public key. */
export function thumbprintOf(publicKey: KeyObject): string {
  const { crv, e, kty, n, x, y } = publicKey.export({ format: 'jwk' })
  // What is undefined is left out: y of an Ed25519 key.
  const required = kty === 'RSA' ? { e, kty, n } : { crv, kty, x, y }
  return hash('sha256', JSON.stringify(required), 'base64url')
}
