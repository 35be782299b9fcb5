/** Proof Key for Code Exchange: the two shapes and the one transform that SMART admits. @see RFC 7636 §4 */

const verifier = /^[A-Za-z0-9\-._~]{43,128}$/
const challenge = /^[A-Za-z0-9\-_]{43}$/

/** Whether `text` is a well-formed `code_verifier`: 43 to 128 unreserved characters. @see RFC 7636 §4.1 */
export function isVerifier(text: string): boolean {
  return verifier.test(text)
}

/** Whether `text` can be the S256 challenge of some verifier: 43 base64url characters. @see RFC 7636 §4.2 */
export function isChallenge(text: string): boolean {
  return challenge.test(text)
}

/** The S256 challenge of a verifier, given a SHA-256 that returns base64url without padding. @see RFC 7636 §4.2 */
export function challengeOf(text: string, sha256Base64url: (ascii: string) => string): string {
  return sha256Base64url(text)
}
