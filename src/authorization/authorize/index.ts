/**
 * The authorization endpoint: every check in its order, then a flow that waits for the user at its own address. The
 * redirect there makes a same-site GET of what may have been another site's POST, so that Lax cookies come along (EM-06).
 */

import { authorizeDenied } from '../../audit/event.ts'
import { Params } from '../../http/params.ts'
import { redirect } from '../../http/reply.ts'
import { RequestError } from '../../http/request-error.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { hashSecret } from '../secrets.ts'
import { checkRequest, wayBackOf } from './check-request.ts'
import type { AuthorizeDeps } from './deps.ts'
import { flowPath } from './flow-path.ts'
import { loadClient } from './load-client.ts'
import { type LoadedRequest, loadRequest } from './load-request.ts'
import { checkState } from './parse-state.ts'
import { faultFor, returnError, type WayBack } from './redirect-back.ts'

/** Answers an authorization request by GET or POST (AUTHZ-20); throws what may not go to the app. */
export async function authorize(request: HttpRequest, deps: AuthorizeDeps): Promise<HttpReply> {
  const sent = rawParameters(request)
  // Lenient reading: a state of odd bytes is the app's own business, and anything else odd fails its own check.
  const outer = Params.parse(sent)
  const client = await loadClient(outer, deps.clients)
  let loaded: LoadedRequest = { raw: sent }
  let params = outer
  let way: WayBack | undefined
  try {
    loaded = await loadRequest(sent, outer, client, deps)
    params = loaded.raw === sent ? outer : Params.parse(loaded.raw)
    way = wayBackOf(loaded.raw, params, client)
    const id = await startFlow(params, client, way, loaded, deps)
    return redirect(deps.baseUrl + flowPath(id, params.get('ui_locales')))
  } catch (error) {
    if (way && !(error instanceof OAuthError || error instanceof RequestError)) {
      throw faultFor(error, carried(way), deps.baseUrl, request)
    }
    if (!(error instanceof OAuthError && error.kind.redirect)) throw error
    await deps.audit.record(deniedEvent(request, client, params, error))
    return tell(error, way ?? wayOutside(sent, outer, client, error), request, deps)
  }
}

function rawParameters(request: HttpRequest): string {
  if (request.method !== 'POST') return request.search
  if (request.contentType !== 'application/x-www-form-urlencoded') throw new OAuthError('contentType')
  return request.body
}

/** What is put on record of a refusal. */
export function deniedEvent(request: HttpRequest, client: Client, params: Params, error: OAuthError) {
  const actor = { client: client.id, address: request.remoteAddress }
  return authorizeDenied(actor, params.get('scope')?.slice(0, 1000) ?? '', error.message)
}

/** A request whose parameters are elsewhere and could not be had: the error goes where it says itself, or to the user. */
function wayOutside(raw: string, params: Params, client: Client, error: OAuthError): WayBack {
  try {
    return wayBackOf(raw, params, client)
  } catch {
    throw error
  }
}

function tell(error: OAuthError, way: WayBack, request: HttpRequest, deps: AuthorizeDeps): HttpReply {
  return returnError(carried(way), deps.baseUrl, error, request)
}

/** The way back, without a state that it cannot carry. */
function carried(way: WayBack): WayBack {
  const { state: _state, ...stateless } = way
  return canCarry(way) ? way : stateless
}

/** Whether the state could go back; a request may have failed before anybody looked at it. */
function canCarry({ state, responseMode }: WayBack): boolean {
  try {
    checkState(state, responseMode)
    return true
  } catch {
    return false
  }
}

async function startFlow(
  params: Params,
  client: Client,
  way: WayBack,
  { pushedHash }: LoadedRequest,
  deps: AuthorizeDeps,
): Promise<string> {
  const checked = checkRequest(params, client, way, deps)
  const id = deps.ids.secret()
  const now = deps.now()
  const flow = {
    hash: hashSecret(id),
    state: 'signing-in',
    ...checked,
    context: {},
    createdAt: now,
    expiresAt: now + deps.lifetimes.authorization,
  } as const
  if (!(await deps.flows.add(flow, pushedHash))) throw new OAuthError('requestUriUnknown')
  return id
}
