// Who may introspect: an app that authenticates asks about its own tokens; an app that an administrator made a resource server about everybody's, by its
// credentials or by an access token with the scope for it. Nobody else: not by name alone, not without a name. INTR-11 to INTR-13, RFC-22, AMB-45, AMB-46.
import type { Params } from '../../http/params.ts'
import type { HttpRequest } from '../../http/route.ts'
import type { Scope } from '../../smart/scope.ts'
import { type Client, isConfidential, isResourceServer } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { ClientStore, GrantStore, Trail } from '../ports.ts'
import { authenticateClient, type ClientDeps } from '../token/client-auth.ts'
import type { VerifyAccessToken } from '../verify.ts'
import { introspectScope } from './scope.ts'

/** Somebody who may introspect. */
export interface Caller {
  readonly client: Client
  /** Whether it may ask about other apps' tokens. */
  readonly isResourceServer: boolean
}

export interface CallerDeps extends ClientDeps {
  readonly clients: ClientStore
  readonly grants: GrantStore
  readonly verifyAccessToken: VerifyAccessToken
  readonly audit: Trail
}

/** The caller, by its access token or by its credentials. */
export async function loadCaller(request: HttpRequest, form: Params, deps: CallerDeps): Promise<Caller> {
  const { authorization } = request.headers
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1]
  if (token !== undefined) return byToken(token, deps)
  const client = await authenticate(authorization, form, deps)
  return { client, isResourceServer: isResourceServer(client) }
}

/** A failure is 401 here, whatever way of authenticating it was. @see RFC 7662 §2.3 */
async function authenticate(authorization: string | undefined, form: Params, deps: CallerDeps) {
  try {
    const client = await authenticateClient(authorization, form, deps)
    if (isConfidential(client)) return client
  } catch (error) {
    if (!(error instanceof OAuthError) || error.kind.error !== 'invalid_client') throw error
    const { text, detail = 'not authenticated' } = error
    throw new OAuthError('clientHeader', { text, detail })
  }
  throw new OAuthError('clientHeader', { detail: 'a public app' })
}

async function byToken(token: string, deps: CallerDeps): Promise<Caller> {
  const verified = await deps.verifyAccessToken(token)
  if (!verified) throw new OAuthError('bearerInvalid')
  const client = await deps.clients.find(verified.clientId)
  // The scope alone is not enough: an app that came by open registration could have asked for it. Nor is a token that an app
  // was given which has become public since.
  if (!client || client.disabled || !isResourceServer(client) || !verified.scopes.some(isIntrospect))
    throw new OAuthError('introspectionForbidden')
  return { client, isResourceServer: true }
}

function isIntrospect(scope: Scope): boolean {
  return scope.kind === 'extension' && scope.name === introspectScope
}
