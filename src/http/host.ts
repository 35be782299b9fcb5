// A request names one host, and names it well: who reads another name than the proxy in front did could be made to serve somebody else's
// request. Nothing here depends on the name; addresses are made of the base URL alone. RFC 9112 §3.2, RFC 9110 §7.2.
import { RequestError } from './request-error.ts'

/** A name, an IPv4 address, or an IPv6 address in brackets, and perhaps a port. RFC 3986 §3.2.2, §3.2.3. */
const HOST = /^(?:\[[\da-f:.]{2,45}\]|(?:[\w\-.~!$&'()*+;=]|%[\da-f]{2}){1,255})(?::\d{0,5})?$/i

/** The last that was well-formed: nearly all requests name the same. */
let known: string | undefined

/**
 * Throws where `Host` is missing (but for HTTP/1.0, which knows none), malformed, or there more than once. A header that
 * comes twice is one value joined by a comma, which no host has: commas, which a name might have, are refused with it.
 */
export function checkHost(host: string | undefined, httpVersion: string): void {
  if (host === known && host !== undefined) return
  if (host === undefined) {
    if (httpVersion === '1.0') return
    throw new RequestError(400, 'The header Host is missing.')
  }
  if (!HOST.test(host)) throw new RequestError(400, 'The header Host is malformed, or there more than once.')
  known = host
}
