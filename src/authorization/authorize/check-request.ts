// Everything about a request that can be checked before its user is known, in the order in which a developer would look.
import type { Params } from '../../http/params.ts'
import { formatGrant } from '../../smart/grant.ts'
import type { Client } from '../client.ts'
import { hashSecret } from '../secrets.ts'
import { checkAudience } from './check-audience.ts'
import { checkDpopJkt } from './check-dpop-jkt.ts'
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
import { fulfillableScopes } from './load-launch.ts'
import { checkState, parseState } from './parse-state.ts'
import type { WayBack } from './redirect-back.ts'
import type { AuthorizationRequest } from './request.ts'

/** A checked request, and the launch that it names. */
export interface CheckedRequest {
  readonly request: AuthorizationRequest
  readonly launchHash?: string
}

/** Where the answer to these parameters goes; throws what may be told in place only. */
export function wayBackOf(raw: string, params: Params, client: Client): WayBack {
  return {
    redirectUri: checkRedirectUri(params, client),
    state: parseState(raw),
    ...(params.get('response_mode') === 'form_post' && { responseMode: 'form_post' }),
  }
}

/** Checks the parameters that `way` was taken from. */
export function checkRequest(
  params: Params,
  client: Client,
  way: WayBack,
  deps: Pick<AuthorizeDeps, 'fhirBase' | 'supportsFilter' | 'keys' | 'baseUrl'>,
): CheckedRequest {
  checkState(way.state, way.responseMode)
  checkRepeated(params)
  checkResponseMode(params)
  checkResponseType(params, client)
  const challenge = checkPkce(params, client)
  const hints = checkHints(params)
  const prompt = checkPrompt(params)
  const maxAge = checkMaxAge(params)
  const jkt = checkDpopJkt(params)
  const subject = checkIdTokenHint(params, client, deps)
  const asked = checkScope(params, client, deps.supportsFilter)
  checkAudience(params, asked, deps.fhirBase)
  const launch = params.get('launch')
  const scope = formatGrant({ scopes: nonEmpty(fulfillableScopes(asked, launch !== undefined)) })
  const request = {
    clientId: client.id,
    ...way,
    ...(challenge !== undefined && { challenge }),
    scope,
    prompt,
    ...hints,
    ...(jkt !== undefined && { jkt }),
    ...(maxAge !== undefined && { maxAge }),
    ...(subject !== undefined && { subject }),
  }
  return { request, ...(launch !== undefined && { launchHash: hashSecret(launch) }) }
}
