/**
 * Cross-origin reading, route by route: `any` origin for discovery documents, `registered` origins of apps for the token
 * endpoint and the FHIR API; never with cookies.
 * @see CORS-01 … CORS-07, app-launch#considerations-for-cross-origin-resource-sharing-cors-support
 */
import type { Cors } from './route.ts'

const REQUEST_HEADERS =
  'Authorization, Content-Type, Accept, If-Match, If-None-Match, If-None-Exist, If-Modified-Since, Prefer, X-Requested-With, X-Security-Context, DPoP'
const EXPOSED_HEADERS =
  'ETag, Location, Content-Location, WWW-Authenticate, Last-Modified, Retry-After, DPoP-Nonce, X-Security-Context'
const PREFLIGHT_KEPT_SECONDS = 10 * 60

/** Whether an app of this server is registered with that origin. */
export type AllowsOrigin = (origin: string) => Promise<boolean>

/** The headers by which a browser lets a page of `origin` read the reply; also sent on errors (CORS-05). */
export async function corsHeaders(
  cors: Cors,
  origin: string | undefined,
  allowsOrigin: AllowsOrigin,
): Promise<Record<string, string>> {
  if (cors === 'none') return {}
  if (cors === 'any') return readable('*')
  // A shared cache must not hand one origin's answer to another (CORS-06).
  const vary = { vary: 'Origin' }
  if (origin === undefined || origin === 'null') return vary
  return (await allowsOrigin(origin)) ? { ...vary, ...readable(origin) } : vary
}

/** What a preflight is told beside `corsHeaders`; it never needs a token (CORS-04). */
export function preflightHeaders(methods: readonly string[]): Record<string, string> {
  return {
    'access-control-allow-methods': methods.join(', '),
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': String(PREFLIGHT_KEPT_SECONDS),
  }
}

function readable(origin: string): Record<string, string> {
  return { 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED_HEADERS }
}
