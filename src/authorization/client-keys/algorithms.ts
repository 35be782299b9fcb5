/** The algorithms of what apps sign, each with the keys that it works with. CAUTH-17, CAUTH-18, AMB-16; RFC 7518 §3, RFC 9864. */

interface KeyKind {
  readonly kty: 'RSA' | 'EC' | 'OKP'
  readonly crv?: string
}

const rsa: KeyKind = { kty: 'RSA' }
const ed25519: KeyKind = { kty: 'OKP', crv: 'Ed25519' }

/** Asymmetric ones only: neither `none` nor a shared secret is among them. Those that SMART asks for come first. */
const kinds: Readonly<Record<string, KeyKind>> = {
  RS384: rsa,
  ES384: { kty: 'EC', crv: 'P-384' },
  RS256: rsa,
  ES256: { kty: 'EC', crv: 'P-256' },
  PS256: rsa,
  PS384: rsa,
  EdDSA: ed25519,
  // The newer name of the same.
  Ed25519: ed25519,
}

/** The names, as they stand in discovery. */
export const clientAlgorithms: readonly string[] = Object.keys(kinds)

/** The kind of key that an algorithm works with; nothing when it is none of ours. */
export function keyKindOf(alg: unknown): KeyKind | undefined {
  return typeof alg === 'string' && Object.hasOwn(kinds, alg) ? kinds[alg] : undefined
}

/** Whether two names stand for the same algorithm. */
export function isSameAlgorithm(one: string, other: string): boolean {
  const plain = (alg: string) => (alg === 'EdDSA' ? 'Ed25519' : alg)
  return plain(one) === plain(other)
}
