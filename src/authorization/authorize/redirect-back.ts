// The way back to the app: only to a verified redirect URI, with state as it came. CODE-01 to CODE-03, RFC-04; issuer by RFC 9207.
import { AnsweredFault } from '../../http/answered-fault.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { OAuthError } from '../errors.ts'
import { formPostPage } from '../pages/form-post.ts'
import type { VerifiedRedirectUri } from './check-redirect-uri.ts'
import type { ResponseMode } from './check-response-mode.ts'
import type { EncodedState } from './parse-state.ts'

/** Where an answer goes. */
export interface WayBack {
  readonly redirectUri: VerifiedRedirectUri
  readonly state?: EncodedState | undefined
  readonly responseMode?: ResponseMode
}

/** Sends the browser to the app with an error. */
export function returnError(
  way: WayBack,
  issuer: string,
  error: OAuthError,
  request: HttpRequest,
): HttpReply {
  return returnAnswer(way, issuer, errorMembers(error), request)
}

/** What is thrown for a fault of ours that the app is to hear of: nobody else is told what it was. RFC 6749 §4.1.2.1 */
export function faultFor(cause: unknown, way: WayBack, issuer: string, request: HttpRequest): AnsweredFault {
  return new AnsweredFault(cause, returnError(way, issuer, new OAuthError('fault'), request))
}

/** What an app is told, less the state and the issuer that every answer has. */
export type Members = readonly (readonly [string, string])[]

/** What an app is told of an error. */
export function errorMembers(error: OAuthError): Members {
  return [
    ['error', error.kind.error],
    ['error_description', error.text],
  ]
}

/** Sends the browser to the app with an answer, whatever it is. */
export function returnAnswer(
  way: WayBack,
  issuer: string,
  members: Members,
  request: HttpRequest,
): HttpReply {
  if (way.responseMode !== 'form_post') return redirect(answerUrl(way, issuer, members))
  const state = way.state ? [['state', decodeURIComponent(way.state)] as const] : []
  return formPostPage(request, way.redirectUri, [...members, ...state, ['iss', issuer]])
}

/** The registered URI, its own query kept as it is, with the answer behind it. */
export function answerUrl(way: WayBack, issuer: string, members: Members): string {
  const pairs = members.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  // State is encoded already: decoding it to text and back would change bytes that are no text.
  if (way.state) pairs.push(`state=${way.state}`)
  pairs.push(`iss=${encodeURIComponent(issuer)}`)
  const { redirectUri } = way
  const joint = !redirectUri.includes('?') ? '?' : /[?&]$/.test(redirectUri) ? '' : '&'
  return redirectUri + joint + pairs.join('&')
}
