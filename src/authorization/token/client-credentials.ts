// An app that acts for itself gets what it was registered for beforehand, whole or not at all, for a few minutes, and
// nothing besides: no refresh token, no context, no user. BKND-08, BKND-10, BKND-14 to BKND-20, SCOPE-24; RFC 6749 §4.4.
import { tokenIssued } from '../../audit/event.ts'
import type { Params } from '../../http/params.ts'
import { type Client, isConfidential } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { GrantRecord } from '../grant.ts'
import { checkSystemScope } from './check-system-scope.ts'
import type { TokenDeps } from './deps.ts'
import { givingOf, refuseRepeated } from './giving.ts'
import { issueAccessToken } from './response.ts'

/** The answer to an app that asks by its own credentials. */
export async function grantToClient(
  form: Params,
  client: Client,
  deps: TokenDeps,
): Promise<Record<string, unknown>> {
  // Whoever cannot prove who they are can have nothing of their own (BKND-04).
  if (!isConfidential(client)) throw new OAuthError('grantTypeNotAllowed')
  const scope = checkSystemScope(form.get('scope'), client, deps.supportsFilter)
  const now = deps.now()
  const grant: GrantRecord = {
    id: deps.ids.idInOrder('grant_', now),
    clientId: client.id,
    scope,
    context: {},
    createdAt: now,
  }
  const { members, tokenId, record } = issueAccessToken(grant, scope, client, deps)
  const told = tokenIssued(
    { client: client.id, grant: grant.id, token: tokenId },
    'client_credentials',
    scope,
  )
  // Signed first: what cannot be signed is neither kept nor on record.
  const access = await members
  const given = await deps.grants.give(grant, givingOf(told, record, deps))
  refuseRepeated(given)
  return access
}
