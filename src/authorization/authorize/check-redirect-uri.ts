// The answer goes only where the app registered, compared as strings; only the port of a loopback address is free.
// RFC 6749 §3.1.2.3 (RFC-01, RFC-02), REG-03, AUTHZ-03; RFC 8252 §7.3 (RFC-27, AMB-55).
import type { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'

declare const verified: unique symbol
/** A redirect URI that the app registered: the only thing that a redirect to an app accepts. */
export type VerifiedRedirectUri = string & { readonly [verified]: true }

// The host is spelled out, so no userinfo, suffix or other notation of an address can stand for it.
const loopback = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::([1-9]\d{0,4}))?((?:[/?].*)?)$/s

/** The request's redirect URI, if the app registered it; errors are for the user, not for a redirect. */
export function checkRedirectUri(params: Params, client: Client): VerifiedRedirectUri {
  if (params.repeated(['redirect_uri'])) throw new OAuthError('redirectRepeated')
  const uri = params.get('redirect_uri')
  if (!uri) throw new OAuthError('redirectMissing')
  if (!isRegistered(uri, client)) throw new OAuthError('redirectUnknown')
  return uri as VerifiedRedirectUri
}

/** Whether the app is registered with the URI now: it may have been when a request began, and not when it ends. */
export function isRegistered(uri: string, { redirectUris }: Client): boolean {
  return redirectUris.some((registered) => registered === uri || isSameLoopback(registered, uri))
}

function isSameLoopback(registered: string, uri: string): boolean {
  const [, host, , rest] = loopback.exec(registered) ?? []
  const [, itsHost, itsPort, itsRest] = loopback.exec(uri) ?? []
  return host !== undefined && host === itsHost && rest === itsRest && Number(itsPort ?? 80) <= 65_535
}
