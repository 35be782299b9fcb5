/** The headers that tell a browser to trust a reply with as little as possible. */
import type { PagePolicy } from './route.ts'

const SOURCE = /^(?:'self'|[a-z][a-z0-9+.-]*:(?:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?)?)$/i
const SCRIPT_SCHEMES = new Set(['javascript:', 'data:', 'blob:', 'vbscript:'])
const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60

/** Gives the security headers of a reply, for a server at `baseUrl` that pages of `frameAncestors` may embed. */
export function createSecurityHeaders(options: {
  baseUrl: string
  frameAncestors: readonly string[]
}): (policy?: PagePolicy) => Record<string, string> {
  const base: Record<string, string> = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  }
  if (options.baseUrl.startsWith('https:')) base['strict-transport-security'] = `max-age=${ONE_YEAR_SECONDS}`
  const plain = { ...base, 'content-security-policy': contentSecurityPolicy({}, options.frameAncestors) }
  return (policy) =>
    policy === undefined
      ? plain
      : {
          ...base,
          'content-security-policy': contentSecurityPolicy(policy, options.frameAncestors),
          'cross-origin-opener-policy': policy.opener === 'kept' ? 'unsafe-none' : 'same-origin',
        }
}

/** The origin of a URL as a policy names it, or its scheme when it has no host (`my-app:`); nothing for what may not be named. */
export function sourceOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const parsed = new URL(url)
  if (SCRIPT_SCHEMES.has(parsed.protocol)) return undefined
  const source = parsed.origin === 'null' ? parsed.protocol : parsed.origin
  return SOURCE.test(source) ? source : undefined
}

function contentSecurityPolicy(policy: PagePolicy, frameAncestors: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    `img-src ${sources(["'self'", ...(policy.images ?? [])])} data:`,
    `connect-src ${sources(["'self'", ...(policy.connects ?? [])])}`,
    `frame-src ${sources(policy.frames ?? [])}`,
    `form-action ${sources(["'self'", ...(policy.formActions ?? [])])}`,
    "base-uri 'none'",
    `frame-ancestors ${sources(policy.frameAncestors ?? frameAncestors)}`,
  ].join('; ')
}

function sources(list: readonly string[]): string {
  const kept = [
    ...new Set(list.filter((source) => SOURCE.test(source) && !SCRIPT_SCHEMES.has(source.toLowerCase()))),
  ]
  return kept.length > 0 ? kept.join(' ') : "'none'"
}
