/**
 * How often one address may ask, and at one address one app or one account. Apps and accounts are counted by the address
 * as well, since anybody can name them: nobody uses up what is another's. An IPv6 network of one subscriber (/64) counts as
 * one address. @see RFC 6585 §4; RFC 6819 §4.4.3.11; RFC 7662 §4
 */
import { isIPv6 } from 'node:net'
import { authenticatingClient, formOf, type NameOf } from './named-client.ts'
import { type IsTrusted, isLoopback } from './proxies.ts'
import { createBuckets } from './rate-limit.ts'
import type { HttpRequest } from './route.ts'

/** Requests a minute; nothing for no limit. */
export interface Rates {
  readonly perAddress?: number
  readonly perClient?: number
  readonly perAccount?: number
}

/** A limit and where it holds. */
export interface RateRule {
  readonly name: string
  readonly path: RegExp
  /** Default all. */
  readonly methods?: readonly string[]
  readonly rates: Rates
  /** Whose app a request is; default that which authenticates. */
  readonly clientOf?: NameOf
}

/** What the limits need to know of their server. */
export interface LimitDeps {
  readonly isExempt: IsTrusted
  readonly now: () => number
  /** A user name as accounts are found by it, whatever was typed; default as it was typed. */
  readonly plainUsername?: (typed: string) => string
}

/** Seconds that a request has to wait; 0 when it may be answered. */
export type RateLimits = (request: HttpRequest) => number

const LONGEST_NAME = 128
const FIRST_GROUPS = 4

/** Makes the check over a table of rules, the first that fits counting; requests of exempt addresses are not counted. */
export function createRateLimits(
  rules: readonly RateRule[],
  { isExempt, now, plainUsername = (typed) => typed }: LimitDeps,
): RateLimits {
  const buckets = createBuckets()
  const accountOf: NameOf = (request) => {
    const typed = formOf(request)?.get('username')
    return typed && plainUsername(typed)
  }
  return (request) => {
    const { method, path } = request
    const rule = rules.find((one) => one.path.test(path) && (one.methods?.includes(method) ?? true))
    if (!rule) return 0
    const { remoteAddress } = request
    if (isExempt(remoteAddress) && !(isForwarded(request) && isLoopback(remoteAddress))) return 0
    const address = networkOf(remoteAddress)
    const { rates, clientOf = authenticatingClient } = rule
    const counted: readonly (readonly [string, number | undefined, NameOf])[] = [
      ['client', rates.perClient, clientOf],
      ['account', rates.perAccount, accountOf],
      ['address', rates.perAddress, () => ''],
    ]
    for (const [kind, rate, nameOf] of counted) {
      const name = rate === undefined ? undefined : nameOf(request)
      if (rate === undefined || name === undefined) continue
      const key = `${rule.name} ${kind} ${address} ${name.slice(0, LONGEST_NAME).trimEnd()}`
      const wait = buckets.take(key, rate, now())
      if (wait > 0) return wait
    }
    return 0
  }
}

/** Whether somebody passes the request on for another: then it is a proxy that is on this machine, and not who asks. */
function isForwarded({ headers }: HttpRequest): boolean {
  return headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined
}

/** An IPv4 address itself, the /64 of an IPv6 address. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? []
  const before = head.split(':').filter((group) => group !== '')
  const behind = tail.split(':').filter((group) => group !== '')
  const zeros = Array(Math.max(0, 8 - before.length - behind.length)).fill('0')
  const groups = address.includes('::') ? [...before, ...zeros, ...behind] : before
  return groups
    .slice(0, FIRST_GROUPS)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
