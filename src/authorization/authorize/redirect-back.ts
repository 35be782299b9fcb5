// The way back to the app: only to a verified redirect URI, with state as it came. CODE-01 to CODE-03, RFC-04; issuer by RFC 9207.
import { redirect } from '../../http/reply.ts'
import type { HttpReply } from '../../http/route.ts'
import type { OAuthError } from '../errors.ts'
import type { VerifiedRedirectUri } from './check-redirect-uri.ts'
import type { EncodedState } from './parse-state.ts'

/** Where an answer goes. */
export interface WayBack {
  readonly redirectUri: VerifiedRedirectUri
  readonly state?: EncodedState | undefined
}

/** Sends the browser to the app with a code. */
export function returnCode(way: WayBack, issuer: string, code: string): HttpReply {
  return redirect(answerUrl(way, issuer, [['code', code]]))
}

/** Sends the browser to the app with an error. */
export function returnError(way: WayBack, issuer: string, error: OAuthError): HttpReply {
  return redirect(
    answerUrl(way, issuer, [
      ['error', error.kind.error],
      ['error_description', error.text],
    ]),
  )
}

/** The registered URI, its own query kept as it is, with the answer behind it. */
export function answerUrl(
  way: WayBack,
  issuer: string,
  members: readonly (readonly [string, string])[],
): string {
  const pairs = members.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  // State is encoded already: decoding it to text and back would change bytes that are no text.
  if (way.state) pairs.push(`state=${way.state}`)
  pairs.push(`iss=${encodeURIComponent(issuer)}`)
  const { redirectUri } = way
  const joint = !redirectUri.includes('?') ? '?' : /[?&]$/.test(redirectUri) ? '' : '&'
  return redirectUri + joint + pairs.join('&')
}
