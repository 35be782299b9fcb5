/**
 * How often one address may ask, and at one address one app or one account. Apps and accounts are counted by the address
 * as well, since anybody can name them: nobody uses up what is another's. An IPv6 network of one subscriber (/64) counts as
 * one address. @see RFC 6585 §4; RFC 6819 §4.4.3.11; RFC 7662 §4
 */
import { isIPv6 } from 'node:net'
import type { IsTrusted } from './proxies.ts'
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
}

/** Seconds that a request has to wait; 0 when it may be answered. */
export type RateLimits = (request: HttpRequest) => number

const LONGEST_NAME = 128
const FIRST_GROUPS = 4

/** Makes the check over a table of rules, the first that fits counting; requests of exempt addresses are not counted. */
export function createRateLimits(
  rules: readonly RateRule[],
  { isExempt, now }: { readonly isExempt: IsTrusted; readonly now: () => number },
): RateLimits {
  const buckets = createBuckets()
  return (request) => {
    const { method, path } = request
    const rule = rules.find((one) => one.path.test(path) && (one.methods?.includes(method) ?? true))
    if (!rule) return 0
    const { remoteAddress } = request
    if (isExempt(remoteAddress)) return 0
    const address = networkOf(remoteAddress)
    const { perAddress, perClient, perAccount } = rule.rates
    const counted: readonly (readonly [string, number | undefined, string | undefined])[] = [
      ['client', perClient, perClient === undefined ? undefined : clientOf(request)],
      ['account', perAccount, perAccount === undefined ? undefined : formOf(request)?.get('username')],
      ['address', perAddress, ''],
    ]
    for (const [kind, rate, name] of counted) {
      if (rate === undefined || name === undefined) continue
      const wait = buckets.take(`${rule.name} ${kind} ${address} ${name.slice(0, LONGEST_NAME)}`, rate, now())
      if (wait > 0) return wait
    }
    return 0
  }
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

/** The app that a request says it is of; whether that is true is found out later. */
function clientOf(request: HttpRequest): string | undefined {
  const [, basic] = /^Basic +([A-Za-z0-9+/]{1,400})/i.exec(request.headers.authorization ?? '') ?? []
  if (basic !== undefined) return Buffer.from(basic, 'base64').toString('utf8').split(':', 1)[0]
  const form = formOf(request)
  return (
    form?.get('client_id') ?? subjectOf(form?.get('client_assertion')) ?? queryOf(request)?.get('client_id')
  )
}

function subjectOf(assertion: string | undefined): string | undefined {
  const payload = assertion?.split('.')[1]
  if (payload === undefined || payload.length > 4096) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    const sub = (claims as { sub?: unknown } | null)?.sub
    return typeof sub === 'string' ? sub : undefined
  } catch {
    return undefined
  }
}

/** What cannot be read is nobody's; the endpoint says what is wrong with it. */
function formOf(request: HttpRequest): HttpRequest['form'] | undefined {
  try {
    return request.form
  } catch {
    return undefined
  }
}

function queryOf(request: HttpRequest): HttpRequest['query'] | undefined {
  try {
    return request.query
  } catch {
    return undefined
  }
}
