import { hash, randomFillSync, timingSafeEqual } from 'node:crypto'

/** Random identifiers and secrets, passed in so that tests can make them predictable. */
export interface Ids {
  /** `prefix` and 128 random bits: a name, not a secret. */
  id(prefix: string): string
  /**
   * Like {@link id}, but names that are made later (at `now`, in milliseconds since 1970) stand behind earlier ones: where
   * many are kept, those of the same time lie side by side, and a commit changes fewer pages.
   */
  idInOrder(prefix: string, now: number): string
  /** 256 random bits in base64url (RFC-12): never stored, only its hash. */
  secret(): string
  /** The same behind the time `now`, as in {@link idInOrder}: for what is kept by the thousand, by {@link hashInOrder}. */
  secretInOrder(now: number): string
}

const poolBytes = 4096
const pool = Buffer.alloc(poolBytes)
let used = poolBytes

/** Random bytes in base64url, out of a pool: the system is asked for many at once. What was given is wiped. */
function randomText(bytes: number): string {
  if (used + bytes > poolBytes) {
    randomFillSync(pool)
    used = 0
  }
  const taken = pool.subarray(used, used + bytes)
  used += bytes
  const text = taken.toString('base64url')
  taken.fill(0)
  return text
}

/** Enough until the year 5188. */
const timeDigits = 9

function timeText(now: number): string {
  return now.toString(36).padStart(timeDigits, '0')
}

/** The real thing. */
export const randomIds: Ids = {
  id: (prefix) => `${prefix}${randomText(16)}`,
  idInOrder: (prefix, now) => `${prefix}${timeText(now)}${randomText(16)}`,
  secret: () => randomText(32),
  secretInOrder: (now) => `${timeText(now)}${randomText(32)}`,
}

/** What a store keeps of a secret. A plain SHA-256 suffices because every secret here has 256 random bits. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

const inOrder = /^[0-9a-z]{9}[A-Za-z0-9_-]{43}$/

/**
 * What a store keeps of a secret that was made in order: its hash, behind its time. A hash alone lies anywhere in an index;
 * so those of the same time lie side by side, and one commit changes few pages. Of any other text it is the hash.
 */
export function hashInOrder(secret: string): string {
  const hashed = hashSecret(secret)
  return inOrder.test(secret) ? `${secret.slice(0, timeDigits)}${hashed}` : hashed
}

/** Whether `secret` is the one behind `hash`, in constant time. */
export function isSecretOf(secret: string, hash: string): boolean {
  const given = Buffer.from(hashSecret(secret))
  const kept = Buffer.from(hash)
  return given.length === kept.length && timingSafeEqual(given, kept)
}
