// The one key of a set that a signature names: by `kid` and the kind that its `alg` works with; none or several is none.
// CAUTH-41, EM-15, CAUTH-19, CAUTH-20, AMB-16; RFC 7517 §4, RFC 8725 §3.1.
import type { PublicJwk } from '../client.ts'
import { isSameAlgorithm, keyKindOf } from './algorithms.ts'

/** What the header of a signed text says of its key. */
export interface KeyHint {
  readonly alg: string
  readonly kid: string
}

const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
/** In base64url: 8192 and 40 bits. Verifying takes longer with every bit, and nobody has more. */
const longestModulus = 1366
const longestExponent = 7

/** The key, if there is exactly one and it may be used so. */
export function selectKey(keys: readonly PublicJwk[], { alg, kid }: KeyHint): PublicJwk | undefined {
  const kind = keyKindOf(alg)
  const [found, ...more] = keys.filter((key) => key.kid === kid && key.kty === kind?.kty)
  if (!kind || !found || more.length > 0) return undefined
  return found.crv === kind.crv && isMeantFor(found, alg) && isSound(found) ? found : undefined
}

/** The key decides the algorithm where it names one; what the signed text says has only to agree. */
function isMeantFor({ alg, use, key_ops: operations }: PublicJwk, asked: string): boolean {
  const fits = alg === undefined || (typeof alg === 'string' && isSameAlgorithm(alg, asked))
  const isForSignatures = use === undefined || use === 'sig'
  const verifies = operations === undefined || (Array.isArray(operations) && operations.includes('verify'))
  return fits && isForSignatures && verifies
}

/** A key that anybody else may know is nobody's proof. */
function isSound(key: PublicJwk): boolean {
  if (privateMembers.some((member) => key[member] !== undefined)) return false
  if (key.kty !== 'RSA') return true
  const { n, e } = key
  return (
    typeof n === 'string' &&
    n.length <= longestModulus &&
    typeof e === 'string' &&
    e.length <= longestExponent
  )
}
