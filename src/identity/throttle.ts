/**
 * Slows guessing: after some free attempts, each further one must wait twice as long as the one before. What is counted
 * is the guesser — an address at an account, an address at all accounts, a known browser — so nobody can lock an account's
 * owner out. The counts are in the store: a restart or another node forgets nothing.
 * @see OWASP ASVS 4.0, 2.2.1; NIST SP 800-63B §5.2.2; ADR 0026
 */
import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { AttemptStore, Attempts } from './credential-ports.ts'
import { FAILURES_REMEMBERED, FIRST_WAIT, LONGEST_WAIT } from './durations.ts'

const FREE_AT_ACCOUNT = 5
const FREE_AT_ADDRESS = 50
const FREE_CODES_OF_ACCOUNT = 20
const IPV6_NETWORK_GROUPS = 4

/** What attempts count against. */
export interface Budget {
  readonly of: string
  /** Attempts before the first wait. */
  readonly free: number
  /** Of many people: one's success gives back its own attempt only. */
  readonly shared?: boolean
}

/** Who tries. */
export interface Guesser {
  readonly address: string
  /** A browser that has signed in to this account, see {@link createKnownDevices}. */
  readonly device?: string | undefined
}

/** Counts attempts, before it is known how they end. */
export interface Throttle {
  /** Counts an attempt and gives 0, or gives the milliseconds it must still wait and counts nothing. */
  attempt(budgets: readonly Budget[], now: number): Promise<number>
  /** A success clears the counts. */
  succeed(budgets: readonly Budget[]): Promise<void>
}

/** What all who are behind one address have done of something in this quarter of an hour, at `now` in milliseconds. */
export function ofNetwork(what: string, address: string, now: number): string {
  // In a hospital somebody is always mistyping: what never stops for long would never be forgotten.
  return `${what} behind one address\n${networkOf(address)}\n${Math.floor(now / FAILURES_REMEMBERED)}`
}

/** The budgets of a guess at the password of the account that is called `name`, at `now` in milliseconds. */
export function passwordBudgets(name: string, { address, device }: Guesser, now: number): Budget[] {
  if (device !== undefined) return [{ of: `password\n${device}\n${name}`, free: FREE_AT_ACCOUNT }]
  const network = networkOf(address)
  return [
    { of: `password\n${network}\n${name}`, free: FREE_AT_ACCOUNT },
    { of: ofNetwork('password', address, now), free: FREE_AT_ADDRESS, shared: true },
  ]
}

/**
 * The budgets of a guess at a one-time code. Here there is one of the account too: a code has six digits, who guesses it
 * knows the password, and its owner’s known browsers are not held up.
 */
export function codeBudgets(accountId: string, { address, device }: Guesser): Budget[] {
  if (device !== undefined) return [{ of: `code\n${device}\n${accountId}`, free: FREE_AT_ACCOUNT }]
  return [
    { of: `code\n${networkOf(address)}\n${accountId}`, free: FREE_AT_ACCOUNT },
    // Its owner's own success does not start a guesser's count anew.
    { of: `code\n\n${accountId}`, free: FREE_CODES_OF_ACCOUNT, shared: true },
  ]
}

export function createThrottle(attempts: AttemptStore): Throttle {
  return {
    async attempt(budgets, now) {
      const keys = budgets.map(keyOf)
      let wait = 0
      await attempts.change(keys, (kept) => {
        const before = keys.map((key) => recent(kept.get(key), now))
        wait = Math.max(...before.map((one, index) => waitOf(one, budgets[index]?.free ?? 0, now)))
        if (wait > 0) return undefined
        return new Map(keys.map((key, index) => [key, { count: (before[index]?.count ?? 0) + 1, last: now }]))
      })
      return wait
    },
    async succeed(budgets) {
      const shared = new Set(budgets.filter((budget) => budget.shared).map(keyOf))
      await attempts.change(budgets.map(keyOf), (kept) => {
        const others = [...kept].filter(([key, { count }]) => shared.has(key) && count > 1)
        return new Map(others.map(([key, { count, last }]) => [key, { count: count - 1, last }]))
      })
    },
  }
}

function recent(attempts: Attempts | undefined, now: number): Attempts {
  return attempts && now - attempts.last < FAILURES_REMEMBERED ? attempts : { count: 0, last: now }
}

function waitOf({ count, last }: Attempts, free: number, now: number): number {
  if (count < Math.max(free, 1)) return 0
  const wait = Math.min(FIRST_WAIT * 2 ** Math.min(count - free, 30), LONGEST_WAIT)
  return Math.max(0, last + wait - now)
}

/** People type passwords where names belong, and names of any length: the store has a digest. */
function keyOf({ of }: Budget): string {
  return createHash('sha256').update(of).digest('base64url')
}

/** An address, or of IPv6 the network of 64 bits, of which one customer has all addresses. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const front = groups(head)
  const back = groups(tail)
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  const all = [...front, ...Array<string>(zeros).fill('0'), ...back]
  return all
    .slice(0, IPV6_NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
