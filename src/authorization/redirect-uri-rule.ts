// What can be registered as a redirect URI: fixed and complete, and nothing that another could receive. REG-03; RFC 8252 §7, §8.4; RFC 6749 §3.1.2.
const longest = 2000
// As written, before any parser tidies it: no spaces, quotes, control or non-ASCII characters, backslashes, wildcards.
const characters = /^[A-Za-z0-9\-._~:/?@!$&'()+,;=%[\]]+$/
/** The hosts at which plain http goes no further than this machine, as a URL has them. */
export const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** What is wrong with a redirect URI; nothing when it can be registered. */
export function problemOfRedirectUri(uri: string): string | undefined {
  if (uri.length > longest) return 'too long'
  if (uri.includes('#')) return 'a fragment is not allowed'
  if (uri.includes('*')) return 'a wildcard is not allowed'
  if (!characters.test(uri) || !URL.canParse(uri)) return 'not an absolute URI'
  const url = new URL(uri)
  if (url.username !== '' || url.password !== '') return 'user information is not allowed'
  if (url.protocol === 'https:') return fixedHost(uri, url)
  if (url.protocol === 'http:') {
    return loopbackHosts.has(url.hostname) ? fixedHost(uri, url) : 'http is for loopback addresses only'
  }
  // A private-use scheme is a domain name in reverse, so it has a dot; javascript:, data: and the like have none.
  if (!/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol)) return 'this scheme is not allowed'
  return uri === url.href && uri.startsWith(`${url.protocol}/`) ? undefined : 'not in normal form'
}

function fixedHost(uri: string, url: URL): string | undefined {
  return isAsWritten(uri, url) ? undefined : 'not in normal form'
}

/** Whether a browser will go where an address of the web says: no dot segments, no other notation of a host. */
export function isAsWritten(uri: string, { origin, pathname, search, hash }: URL): boolean {
  return uri === `${origin}${pathname}${search}${hash}` || uri === `${origin}${search}${hash}`
}
