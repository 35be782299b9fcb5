// Only an app whose access token has the scope chartkey.admin administers; cookies count for nothing here, so no page of
// another site can. RFC 6750 §2.1, §3.1.
import type { HttpRequest } from '../../http/route.ts'
import type { By, Callers } from '../ports.ts'
import { ApiError, adminScope } from './errors.ts'

/** The app behind the request. */
export async function authenticateCaller(request: HttpRequest, callers: Callers): Promise<By> {
  const { authorization } = request.headers
  const address = request.remoteAddress
  if (authorization === undefined)
    throw new ApiError(401, undefined, 'An access token is needed in the Authorization header.')
  const token = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization)?.[1]
  const caller = token === undefined ? undefined : await callers.verify(token)
  if (!caller) throw new ApiError(401, 'invalid_token', 'The access token is unknown, expired or revoked.')
  if (!caller.scopes.includes(adminScope)) {
    throw new ApiError(403, 'insufficient_scope', `The access token has no scope ${adminScope}.`)
  }
  return { client: caller.clientId, address }
}
