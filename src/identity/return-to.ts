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
  // What a browser leaves out of a path may have stood before a second slash.
  return url.origin === OWN && isPlainPath(url.pathname) ? url.pathname + url.search : undefined
}

/** Pages on the way in or out, which are nowhere to return to. */
const ON_THE_WAY = /^\/account\/(?:sign-|second-step|passkey|reset)/

/** Where a sign-in leads: the page that was asked for, or `home` where that is none of ours or a part of signing in. */
export function destination(text: string | undefined, home = '/account'): string {
  const returnTo = parseReturnTo(text)
  return returnTo === undefined || ON_THE_WAY.test(returnTo) ? home : returnTo
}

/** One slash at the front, written out or encoded, and nothing that a browser reads as a slash or leaves out. */
function isPlainPath(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused here
  return /^\/(?!\/|%2f|%5c)[^\\\u0000-\u0020\u007f]*$/i.test(text)
}

/** What a sign-in page is told beforehand. */
export interface SignInUrlHints {
  readonly username?: string
  readonly again?: boolean
  readonly uiLocales?: string
  /** A second factor is wanted: as far as the person has one, or in any case. */
  readonly secondFactor?: 'asked' | 'required' | undefined
  /** What went wrong before. */
  readonly problem?: 'passkey'
}

/** The address of the sign-in page that comes back to `returnTo`. */
export function signInUrl(returnTo: string, hints: SignInUrlHints = {}): string {
  const query = new URLSearchParams({ return_to: returnTo })
  if (hints.username !== undefined) query.set('username', hints.username)
  if (hints.uiLocales !== undefined) query.set('ui_locales', hints.uiLocales)
  if (hints.again) query.set('again', '1')
  if (hints.secondFactor) query.set('second_factor', hints.secondFactor)
  if (hints.problem) query.set('problem', hints.problem)
  return `/account/sign-in?${query}`
}
