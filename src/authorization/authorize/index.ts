/**
 * The authorization endpoint: every check in its order, then a flow that waits for the user at its own address. The
 * redirect there makes a same-site GET of what may have been another site's POST, so that Lax cookies come along (EM-06).
 */

import { authorizeDenied } from '../../audit/event.ts'
import { Params } from '../../http/params.ts'
import { redirect } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { formatGrant } from '../../smart/grant.ts'
import type { Client } from '../client.ts'
import { FLOW_LIFETIME } from '../durations.ts'
import { OAuthError } from '../errors.ts'
import { hashSecret } from '../secrets.ts'
import { checkAudience } from './check-audience.ts'
import { checkHints } from './check-hints.ts'
import { checkIdTokenHint } from './check-id-token-hint.ts'
import { checkMaxAge } from './check-max-age.ts'
import { checkPkce } from './check-pkce.ts'
import { checkPrompt } from './check-prompt.ts'
import { checkRedirectUri } from './check-redirect-uri.ts'
import { checkRepeated } from './check-repeated.ts'
import { checkResponseMode } from './check-response-mode.ts'
import { checkResponseType } from './check-response-type.ts'
import { checkScope, nonEmpty } from './check-scope.ts'
import type { AuthorizeDeps } from './deps.ts'
import { flowPath } from './flow-path.ts'
import { loadClient } from './load-client.ts'
import { fulfillableScopes } from './load-launch.ts'
import { checkState, parseState } from './parse-state.ts'
import { returnError, type WayBack } from './redirect-back.ts'

/** Answers an authorization request by GET or POST (AUTHZ-20); throws what may not go to the app. */
export async function authorize(request: HttpRequest, deps: AuthorizeDeps): Promise<HttpReply> {
  const raw = rawParameters(request)
  // Lenient reading: a state of odd bytes is the app's own business, and anything else odd fails its own check.
  const params = Params.parse(raw)
  const client = await loadClient(params, deps.clients)
  const way: WayBack = {
    redirectUri: checkRedirectUri(params, client),
    state: parseState(raw),
    ...(params.get('response_mode') === 'form_post' && { responseMode: 'form_post' }),
  }
  try {
    const id = await startFlow(params, client, way, deps)
    return redirect(deps.baseUrl + flowPath(id, params.get('ui_locales')))
  } catch (error) {
    if (!(error instanceof OAuthError && error.kind.redirect)) throw error
    await deps.audit.record(
      authorizeDenied(
        { client: client.id, address: request.remoteAddress },
        params.get('scope')?.slice(0, 1000) ?? '',
        error.message,
      ),
    )
    const { state: _state, ...stateless } = way
    const canCarry = error.message !== 'stateTooLong' && error.message !== 'stateInForm'
    return returnError(canCarry ? way : stateless, deps.baseUrl, error, request)
  }
}

function rawParameters(request: HttpRequest): string {
  if (request.method !== 'POST') return request.search
  return request.contentType === 'application/x-www-form-urlencoded' ? request.body : ''
}

async function startFlow(params: Params, client: Client, way: WayBack, deps: AuthorizeDeps): Promise<string> {
  checkState(way.state, way.responseMode)
  checkRepeated(params)
  checkResponseMode(params)
  checkResponseType(params, client)
  const challenge = checkPkce(params)
  checkAudience(params, deps.fhirBase)
  const hints = checkHints(params)
  const prompt = checkPrompt(params)
  const maxAge = checkMaxAge(params)
  const subject = checkIdTokenHint(params, client, deps)
  const asked = checkScope(params, client, deps.supportsFilter)
  const launch = params.get('launch')
  const scope = formatGrant({ scopes: nonEmpty(fulfillableScopes(asked, launch !== undefined)) })
  const id = deps.ids.secret()
  const now = deps.now()
  await deps.flows.add({
    hash: hashSecret(id),
    state: 'signing-in',
    request: {
      clientId: client.id,
      ...way,
      challenge,
      scope,
      prompt,
      ...hints,
      ...(maxAge !== undefined && { maxAge }),
      ...(subject !== undefined && { subject }),
    },
    ...(launch !== undefined && { launchHash: hashSecret(launch) }),
    context: {},
    createdAt: now,
    expiresAt: now + FLOW_LIFETIME,
  })
  return id
}
