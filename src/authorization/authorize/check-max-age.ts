// How long ago the user may have signed in, in seconds; 0 asks for a sign-in now. OIDC Core §3.1.2.1.
import type { Params } from '../../http/params.ts'
import { OAuthError } from '../errors.ts'

const seconds = /^\d+$/

/** Some three hundred years: no sign-in is older, and it is a number that can be kept and reckoned with. */
const longest = 10_000_000_000

/** Reads `max_age`; anything but a whole number of seconds is refused, because to ignore it would let an old sign-in pass. */
export function checkMaxAge(params: Params): number | undefined {
  const text = params.get('max_age')
  if (text === undefined) return undefined
  if (!seconds.test(text)) throw new OAuthError('maxAge')
  return Math.min(Number(text), longest)
}
