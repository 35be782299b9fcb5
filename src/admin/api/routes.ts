/** `/admin/api`: everything that the pages of administration do, for programs. docs/guides/administration.md */
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import type { AdminDeps } from '../deps.ts'
import { type By, ChangedMeanwhile, NotAcceptable } from '../ports.ts'
import { accountCalls } from './accounts.ts'
import { appCalls } from './apps.ts'
import { authenticateCaller } from './authenticate.ts'
import type { Call } from './call.ts'
import { codeCalls } from './codes.ts'
import { ApiError, apiFailure, errorReply } from './errors.ts'
import { grantCalls } from './grants.ts'
import { otherVersion } from './if-match.ts'
import { tokenCalls } from './tokens.ts'

/** The routes of the administration API. */
export function apiRoutes(deps: AdminDeps): Route[] {
  const calls: readonly Call[] = [...appCalls, ...tokenCalls, ...accountCalls, ...codeCalls, ...grantCalls]
  return calls.map(([method, path, answer]) => ({
    method,
    path: `/admin/api${path}`,
    handle: (request) => guarded(request, deps, (by) => answer(request, by, deps)),
    failure: apiFailure,
  }))
}

async function guarded(
  request: HttpRequest,
  deps: AdminDeps,
  work: (by: By) => Promise<HttpReply>,
): Promise<HttpReply> {
  try {
    return await work(await authenticateCaller(request, deps.callers))
  } catch (error) {
    if (error instanceof NotAcceptable) {
      const text = `${error.member}: ${error.message}`
      return errorReply(new ApiError(400, 'invalid_request', text, error.member))
    }
    if (error instanceof ChangedMeanwhile) return errorReply(otherVersion())
    if (!(error instanceof ApiError)) throw error
    if (error.code !== undefined && (error.status === 401 || error.status === 403)) {
      await deps.refusals.record({ address: request.remoteAddress }, error.code)
    }
    return errorReply(error)
  }
}
