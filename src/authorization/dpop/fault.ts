/** What is wrong with a DPoP proof: the app reads what to change, the log has the particulars. RFC 9449 §4.3. */

export interface Problem {
  readonly problem: 'invalid_dpop_proof' | 'use_dpop_nonce'
  /** For the app, in the characters of RFC 6749 §5.2. */
  readonly text: string
  /** For the log only. */
  readonly detail: string
}

/** A proof that has to be made differently. */
export function invalid(text: string, detail: string): Problem {
  return { problem: 'invalid_dpop_proof', text, detail }
}

/** A member that has to be something else; `should` ends the sentence "htm has to be …". */
export function wrongClaim(name: string, should: string): Problem {
  return invalid(`In the DPoP proof ${name} has to be ${should}.`, name)
}

/** A proof that cannot be read at all. */
export function malformed(detail: string): Problem {
  return invalid('The header DPoP has to be one signed JWT in compact form, of 8 kB at most.', detail)
}

/** A proof whose nonce is missing, old or somebody else's. */
export function wrongNonce(detail: string): Problem {
  const text = 'The DPoP proof has to have the nonce of the header DPoP-Nonce.'
  return { problem: 'use_dpop_nonce', text, detail }
}

/** Why the library did not accept a proof that has the form of one. */
export function unverified(error: unknown, algorithms: readonly string[]): Problem {
  const detail = error instanceof Error ? error.message : 'unreadable'
  const { code, claim } = error as { readonly code?: unknown; readonly claim?: unknown }
  if (code === 'ERR_JOSE_ALG_NOT_ALLOWED')
    return wrongHeader('alg', `one of ${algorithms.join(', ')}`, detail)
  if (claim === 'typ') return wrongHeader('typ', 'dpop+jwt', detail)
  if (typeof claim === 'string') return invalid(`In the DPoP proof ${claim} is not acceptable.`, detail)
  return wrongHeader('jwk', 'the public key that the proof is signed with', detail)
}

function wrongHeader(name: string, should: string, detail: string): Problem {
  return invalid(`In the header of the DPoP proof ${name} has to be ${should}.`, detail)
}
