/**
 * The revocation endpoint: an app gives back a token of its own. A refresh token takes the whole grant with it; an access
 * token itself and what was exchanged for it. Everything else is left alone and answered alike. RFC-23; RFC 7009 §2.
 */
import { grantRevoked, tokenRefused, tokenRevoked } from '../audit/event.ts'
import { json } from '../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../http/route.ts'
import type { Client } from './client.ts'
import { OAuthError } from './errors.ts'
import type { GrantLife } from './grant-life.ts'
import type { ClientStore, GrantStore, Trail } from './ports.ts'
import { hashInOrder } from './secrets.ts'
import { authenticateClient, type ClientDeps } from './token/client-auth.ts'
import { checkForm, neverStored, reasonOf, tokenError, tokenFailure } from './token/form.ts'
import { requiredParameter } from './token/parameter.ts'
import type { VerifyAccessToken } from './verify.ts'

/** A token, and the little that comes with it. */
const BODY_BYTES = 256 * 1024

export interface RevokeDeps extends ClientDeps {
  readonly clients: ClientStore
  readonly grants: GrantStore
  readonly life: GrantLife
  readonly verifyBoundToken: VerifyAccessToken
  readonly audit: Trail
}

const knownParameters = [
  'token',
  'token_type_hint',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
]

/** The endpoint; a public app's page calls it too. */
export function revocationRoute(deps: RevokeDeps): Route {
  return {
    method: 'POST',
    path: '/oauth/revoke',
    cors: 'registered',
    bodyLimit: BODY_BYTES,
    handle: (request) => revoke(request, deps),
    failure: tokenFailure,
  }
}

async function revoke(request: HttpRequest, deps: RevokeDeps): Promise<HttpReply> {
  try {
    const form = checkForm(request, knownParameters)
    const client = await authenticateClient(request.headers.authorization, form, deps)
    await revokeToken(requiredParameter(form, 'token'), client, deps)
    return json(200, {}, neverStored)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    await deps.audit.record(tokenRefused({ address: request.remoteAddress }, 'revocation', reasonOf(error)))
    return tokenError(error, 'Basic realm="revocation", charset="UTF-8"')
  }
}

/** The hint is not needed: a token tells by itself what it is. */
async function revokeToken(token: string, client: Client, deps: RevokeDeps): Promise<void> {
  const verified = await deps.verifyBoundToken(token)
  if (verified) {
    const { claims, user, grantId, tokenId, clientId } = verified
    if (clientId !== client.id) return
    await deps.life.revokeToken(grantId, tokenId, claims.exp * 1000)
    await deps.audit.record(
      tokenRevoked({ ...(user !== undefined && { user }), client: clientId, grant: grantId, token: tokenId }),
    )
    return
  }
  // One that was used before, too: whoever holds it wants to be rid of what came of it.
  const found = await deps.grants.findRefresh(hashInOrder(token))
  if (!found || found.ended || found.grant.clientId !== client.id) return
  const { id, userId } = found.grant
  await deps.life.end(id)
  await deps.audit.record(grantRevoked({ user: userId, client: client.id, grant: id }))
}
