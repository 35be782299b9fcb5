/**
 * Where the outside calls this server by https, what came over plain HTTP is sent there, or refused when it has a body: a
 * secret that went over the wire in clear must not seem to have worked. SEC-01, RFC 6749 §3.1, §3.2; RFC 9700 §2.6.
 */
import type { IsTrusted } from './proxies.ts'
import type { HttpReply } from './route.ts'

/** How a request came, as far as the server itself or a proxy that it trusts can tell. */
export interface Arrival {
  readonly method: string
  /** Path and query as they were sent. */
  readonly url: string
  /** Whether this server's own TLS carried it. */
  readonly encrypted: boolean
  /** The address of the other end of the connection. */
  readonly peer: string
  /** `X-Forwarded-Proto`. */
  readonly forwardedProto: string | undefined
}

/** Gives the refusal of a request that came over plain HTTP; nothing when it may be answered. */
export type OverTls = (arrival: Arrival) => HttpReply | undefined

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/
/** Load balancers ask these directly. */
const HEALTH = /^\/health\//

const PLAIN = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }

/** Makes the check; without trusted proxies nobody can tell how a request came, and all are answered. */
export function createOverTls(options: { baseUrl: string; isTrusted: IsTrusted | undefined }): OverTls {
  const { baseUrl, isTrusted } = options
  if (!baseUrl.startsWith('https:') || isTrusted === undefined) return () => undefined
  return ({ method, url, encrypted, peer, forwardedProto }) => {
    if (encrypted || HEALTH.test(url)) return undefined
    const last = forwardedProto?.split(',').at(-1)?.trim().toLowerCase()
    if (isTrusted(peer) ? last === undefined || last === 'https' : LOOPBACK.test(peer)) return undefined
    if (method === 'GET' || method === 'HEAD') {
      const location = baseUrl + (url.startsWith('/') ? url : '/')
      return { status: 308, headers: { location, 'cache-control': 'no-store' } }
    }
    const body = 'This server answers over https only; what was sent in clear should be changed.\n'
    return { status: 400, headers: PLAIN, body }
  }
}
