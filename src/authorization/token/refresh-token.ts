// A refresh token works once, for its app, and gives its successor; a second use ends the grant. REFR-05 to REFR-20, RFC-11, AMB-07, EM-17.
import { refreshReused, tokenIssued } from '../../audit/event.ts'
import type { Params } from '../../http/params.ts'
import { formatGrant, narrow, parseGrant } from '../../smart/grant.ts'
import { parseScopes } from '../../smart/scope.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { UserGrant } from '../grant.ts'
import { SCOPE_LENGTH } from '../lengths.ts'
import type { FoundRefresh } from '../ports.ts'
import { hashInOrder } from '../secrets.ts'
import { checkFilters } from './check-filters.ts'
import type { TokenDeps } from './deps.ts'
import { givingOf, refuseRepeated } from './giving.ts'
import { requiredParameter } from './parameter.ts'
import { isRefreshable, issueRefreshToken, mayRefresh } from './refresh-life.ts'
import { issueAccessToken } from './response.ts'
import { withinRegistration } from './within-registration.ts'

/** The answer to a refresh token; another app's try leaves it as it is. */
export async function refresh(
  form: Params,
  client: Client,
  deps: TokenDeps,
): Promise<Record<string, unknown>> {
  const hash = hashInOrder(requiredParameter(form, 'refresh_token'))
  const found = await deps.grants.findRefresh(hash)
  if (!found || found.grant.clientId !== client.id || found.ended) throw new OAuthError('refreshToken')
  // Without its key a token is worth nothing, not even as a sign that it got around.
  if (found.token.jkt !== undefined && found.token.jkt !== deps.jkt) {
    throw new OAuthError(deps.jkt === undefined ? 'proofMissing' : 'proofKey')
  }
  if (found.used) return refuseReuse(found.grant, deps)
  // Its grant stays as it is: what is given back to the registration is there again.
  if (!mayRefresh(found.grant, client)) throw notAnyMore()
  await checkLife(found, client, deps)
  const scope = withinRegistration(narrowScope(found.grant, form.get('scope'), deps), client)
  if (scope === undefined)
    throw new OAuthError('refreshScope', { detail: 'the registration has none of it any more' })
  return rotate(hash, found.grant, scope, client, deps)
}

async function checkLife({ grant, token }: FoundRefresh, client: Client, deps: TokenDeps): Promise<void> {
  if (await isRefreshable(grant, token, client, deps)) return
  await deps.assertion.useUp()
  await deps.life.end(grant.id)
  throw new OAuthError('refreshToken', { detail: 'too old, or user or session gone' })
}

/** The scope of the new access token; what the refresh token can give later stays as it was. */
function narrowScope(
  grant: UserGrant,
  asked: string | undefined,
  { supportsFilter }: Pick<TokenDeps, 'supportsFilter'>,
): string {
  if (asked === undefined) return grant.scope
  if (asked.length > SCOPE_LENGTH) throw new OAuthError('refreshScope')
  const { scopes, refused } = parseScopes(asked)
  const narrowed = refused.length === 0 ? narrow(parseGrant(grant.scope), { scopes }) : undefined
  if (!narrowed || scopes.length === 0) throw new OAuthError('refreshScope')
  checkFilters(scopes, supportsFilter, 'refreshScope')
  return formatGrant(narrowed)
}

async function rotate(hash: string, grant: UserGrant, scope: string, client: Client, deps: TokenDeps) {
  const next = issueRefreshToken(grant, client, deps)
  if (!next) throw notAnyMore()
  const { members, tokenId, record } = issueAccessToken(grant, scope, client, deps)
  const actor = { user: grant.userId, client: client.id, grant: grant.id, token: tokenId }
  const told = tokenIssued(actor, 'refresh_token', scope, grant.context.patient)
  // Signed first: what cannot be signed must not use up the old one, whose second use would end the grant.
  const access = await members
  const given = await deps.grants.rotate(hash, givingOf(told, record, deps), next.record)
  refuseRepeated(given)
  if (given === 'gone') return refuseReuse(grant, deps)
  return { ...access, refresh_token: next.token }
}

function notAnyMore(): OAuthError {
  return new OAuthError('refreshToken', { detail: 'the app is not registered to refresh any more' })
}

async function refuseReuse(grant: UserGrant, deps: TokenDeps): Promise<never> {
  await deps.assertion.useUp()
  await deps.life.end(grant.id)
  await deps.audit.record(refreshReused({ user: grant.userId, client: grant.clientId, grant: grant.id }))
  throw new OAuthError('refreshToken', { detail: 'used before' })
}
