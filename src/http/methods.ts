/**
 * Methods that no address answers (`QUERY`, `PROPFIND`, …). The router would know no address for them, so that one that is
 * there were told not to be: they are routed as one method that it knows and every address refuses. RFC 9110 §15.5.6.
 */
import type { IncomingMessage } from 'node:http'

/** Answered by nobody, and by RFC 9110 §9.3.8 without a body, which is not read. */
const REFUSED = 'TRACE'

/** The methods that requests are routed by. */
export const ROUTED_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', REFUSED]

const asked = new WeakMap<IncomingMessage, string>()

/** Before a request is routed: one of a method that no address answers is routed as refused. */
export function routeMethod(request: IncomingMessage): void {
  const { method = 'GET' } = request
  if (ROUTED_METHODS.includes(method)) return
  asked.set(request, method)
  request.method = REFUSED
}

/** The method as it was sent. */
export function methodOf(request: IncomingMessage): string {
  return asked.get(request) ?? request.method ?? 'GET'
}
