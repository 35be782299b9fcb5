// Only a system whose access token has the scope ehr.launch launches apps; a token is looked for in the header alone. RFC 6750 §2.1, §3.1.
import type { LaunchCaller, LaunchCallers } from '../ports.ts'
import { LaunchApiError, launchScope } from './errors.ts'

const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i

/** The system behind an Authorization header. */
export async function authenticateCaller(
  authorization: string | undefined,
  callers: LaunchCallers,
): Promise<LaunchCaller> {
  if (authorization?.trimStart().split(' ', 1)[0]?.toLowerCase() !== 'bearer')
    throw new LaunchApiError(401, undefined, 'An access token is needed in the Authorization header.')
  const token = bearer.exec(authorization)?.[1]
  if (token === undefined)
    throw new LaunchApiError(400, 'invalid_request', 'The Authorization header has no one bearer token.')
  const caller = await callers.verify(token)
  if (!caller)
    throw new LaunchApiError(401, 'invalid_token', 'The access token is unknown, expired or revoked.')
  if (!caller.scopes.includes(launchScope))
    throw new LaunchApiError(403, 'insufficient_scope', `The access token has no scope ${launchScope}.`, {
      detail: `insufficient_scope of ${caller.clientId}`,
    })
  return caller
}
