/**
 * Cookies as this server sets them: HttpOnly, SameSite=Lax, and over https Secure with the `__Host-` prefix, so that no
 * other host and no plain connection can plant one. Routes use the bare names.
 */
import type { Cookie } from './route.ts'

const HOST_PREFIX = '__Host-'
const PATH_PREFIX = '__Secure-'

/** The cookies of a `Cookie` header by bare name; the first of a repeated name counts. */
export function parseCookies(
  header: string | undefined,
  secure: boolean,
): Record<string, string | undefined> {
  const cookies: Record<string, string | undefined> = Object.create(null)
  if (header === undefined) return cookies
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    const name = equals < 0 ? undefined : bareName(pair.slice(0, equals).trim(), secure)
    if (name !== undefined && !(name in cookies)) cookies[name] = pair.slice(equals + 1).trim()
  }
  return cookies
}

/** The `Set-Cookie` value of a cookie; its value must already be of cookie characters. */
export function formatCookie(cookie: Cookie, secure: boolean): string {
  const path = cookie.path ?? '/'
  const parts = [
    `${secure ? prefixFor(path) : ''}${cookie.name}=${cookie.value}`,
    `Path=${path}`,
    'HttpOnly',
    'SameSite=Lax',
  ]
  if (secure) parts.push('Secure')
  if (cookie.maxAge !== undefined) parts.push(`Max-Age=${Math.floor(cookie.maxAge)}`)
  return parts.join('; ')
}

function prefixFor(path: string): string {
  return path === '/' ? HOST_PREFIX : PATH_PREFIX
}

/** Over https a cookie without prefix is not ours: somebody else may have planted it. */
function bareName(name: string, secure: boolean): string | undefined {
  if (!secure) return name
  if (name.startsWith(HOST_PREFIX)) return name.slice(HOST_PREFIX.length)
  return name.startsWith(PATH_PREFIX) ? name.slice(PATH_PREFIX.length) : undefined
}
