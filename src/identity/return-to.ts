/**
 * Where a person goes after signing in: only a page of this server, whatever the parameter says.
 * @see RFC 9700 §4.11, open redirection
 */
const LONGEST = 32 * 1024
const OWN = 'http://own.invalid'

/** The path and query to return to, or nothing when it is not plainly one of ours. */
export function parseReturnTo(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LONGEST || !isPlainPath(text) || !URL.canParse(text, OWN))
    return undefined
  const url = new URL(text, OWN)
  if (url.origin !== OWN || url.pathname.startsWith('//')) return undefined
  return url.pathname + url.search
}

/** One slash at the front, written out or encoded, and nothing that a browser reads as a slash or leaves out. */
function isPlainPath(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  return /^\/(?!\/|%2f|%5c)[^\\\u0000-\u0020\u007f]*$/i.test(text)
}

/** The address of the sign-in page that comes back to `returnTo`. */
export function signInUrl(
  returnTo: string,
  hints: { username?: string; again?: boolean; uiLocales?: string } = {},
): string {
  const query = new URLSearchParams({ return_to: returnTo })
  if (hints.username !== undefined) query.set('username', hints.username)
  if (hints.uiLocales !== undefined) query.set('ui_locales', hints.uiLocales)
  if (hints.again) query.set('again', '1')
  return `/account/sign-in?${query}`
}
