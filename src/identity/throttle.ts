/**
 * Slows guessing: after some free attempts, each further one by the same address at the same account must wait twice as
 * long as the one before. Other addresses are not held up, so nobody can lock an account's owner out.
 */
import { FAILURES_REMEMBERED, FIRST_WAIT, LONGEST_WAIT } from './durations.ts'

const FREE_ATTEMPTS = 5
const KEPT_ENTRIES = 10_000

interface Attempts {
  readonly count: number
  readonly last: number
}

/** Counts attempts of one process; in memory and bounded, the longest unused entry goes first. */
export interface Throttle {
  /** Counts an attempt and gives 0, or gives the milliseconds it must still wait and counts nothing. */
  attempt(username: string, address: string, now: number): number
  /** A success clears the count. */
  succeed(username: string, address: string): void
}

export function createThrottle(): Throttle {
  const entries = new Map<string, Attempts>()
  return {
    attempt(username, address, now) {
      const key = keyOf(username, address)
      const before = recent(entries.get(key), now)
      const wait = before.last + waitAfter(before.count) - now
      if (before.count > 0 && wait > 0) return wait
      entries.delete(key)
      if (entries.size >= KEPT_ENTRIES) entries.delete(entries.keys().next().value ?? '')
      entries.set(key, { count: before.count + 1, last: now })
      return 0
    },
    succeed(username, address) {
      entries.delete(keyOf(username, address))
    },
  }
}

function recent(attempts: Attempts | undefined, now: number): Attempts {
  return attempts && now - attempts.last < FAILURES_REMEMBERED ? attempts : { count: 0, last: now }
}

function waitAfter(count: number): number {
  return count < FREE_ATTEMPTS ? 0 : Math.min(FIRST_WAIT * 2 ** (count - FREE_ATTEMPTS), LONGEST_WAIT)
}

/** Names of any length may be typed; the key stays short. */
function keyOf(username: string, address: string): string {
  return `${address} ${username.slice(0, 128)}`
}
