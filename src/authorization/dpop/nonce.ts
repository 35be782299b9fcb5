/** Nonces for DPoP proofs that no node has to remember: a time, and a seal on it that only this installation can make. @see RFC 9449 §8 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const MINUTE = 60 * 1000
/** A nonce is good for this long at least, and for twice as long at most. */
const NONCE_LIFETIME = 2 * MINUTE
const sealBytes = 16

export interface Nonces {
  /** The one that is current. */
  make(): string
  /** Whether a nonce is one of ours and not too old. */
  isGood(nonce: string): boolean
}

/** Makes and checks nonces; `secret` is the same on all nodes. */
export function createNonces(secret: string, now: () => number): Nonces {
  const key = createHmac('sha256', secret).update('dpop nonce').digest()

  function nonceOf(slot: number): string {
    const seal = createHmac('sha256', key).update(String(slot)).digest().subarray(0, sealBytes)
    return `${slot.toString(36)}.${seal.toString('base64url')}`
  }

  return {
    make: () => nonceOf(Math.floor(now() / NONCE_LIFETIME)),
    isGood(nonce) {
      const slot = Math.floor(now() / NONCE_LIFETIME)
      // The next one too: the clock of the node that made it may be ahead of ours.
      return [slot, slot - 1, slot + 1].some((one) => isSame(nonce, nonceOf(one)))
    },
  }
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
