/**
 * The introspection endpoint: a form with a token, from somebody who may ask, answered by what the token is worth now.
 * INTR-01 to INTR-13, RFC-21, RFC-22, AMB-44 to AMB-46; RFC 7662 §2, RFC 9701 §5.
 */
import { tokenRefused } from '../../audit/event.ts'
import { json } from '../../http/reply.ts'
import type { HttpReply, HttpRequest, Route } from '../../http/route.ts'
import { OAuthError } from '../errors.ts'
import type { Signer } from '../jwt.ts'
import { checkForm, neverStored, reasonOf, tokenError, tokenFailure } from '../token/form.ts'
import { requiredParameter } from '../token/parameter.ts'
import { type CallerDeps, loadCaller } from './load-caller.ts'
import { createIntrospectionRecord, type TellTrail } from './on-record.ts'
import { describeToken, type TokenStateDeps } from './token-state.ts'

/** A token, and the little that comes with it. */
const BODY_BYTES = 256 * 1024
const signedType = 'application/token-introspection+jwt'
const basic = 'Basic realm="introspection", charset="UTF-8"'

export interface IntrospectDeps extends CallerDeps, TokenStateDeps {
  /** Signs answers of RFC 9701. */
  readonly signIntrospection: Signer
}

const knownParameters = [
  'token',
  'token_type_hint',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
]

/** The endpoint. */
export function introspectionRoute(deps: IntrospectDeps): Route {
  const tellTrail = createIntrospectionRecord(deps.audit, deps.now)
  return {
    method: 'POST',
    path: '/oauth/introspect',
    bodyLimit: BODY_BYTES,
    handle: (request) => introspect(request, deps, tellTrail),
    failure: tokenFailure,
  }
}

async function introspect(
  request: HttpRequest,
  deps: IntrospectDeps,
  tellTrail: TellTrail,
): Promise<HttpReply> {
  try {
    const form = checkForm(request, knownParameters)
    const caller = await loadCaller(request, form, deps)
    const { answer, about } = await describeToken(requiredParameter(form, 'token'), caller, deps)
    await tellTrail({ client: caller.client.id, address: request.remoteAddress }, about)
    return isSignedWanted(request.headers.accept)
      ? signed(answer, caller.client.id, deps)
      : json(200, answer, neverStored)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    await deps.audit.record(
      tokenRefused({ address: request.remoteAddress }, 'introspection', reasonOf(error)),
    )
    return refusal(error)
  }
}

/** JSON unless the caller names the other kind: what takes anything gets what every caller reads. */
function isSignedWanted(accept: string | undefined): boolean {
  return accept?.split(',').some((one) => isAccepted(one, signedType)) === true
}

function isAccepted(range: string, type: string): boolean {
  const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  return name === type && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
}

/** Never an access token or an ID token to anybody: of a type of its own, and what is said of the token is one member. */
async function signed(answer: object, audience: string, deps: IntrospectDeps): Promise<HttpReply> {
  const body = await deps.signIntrospection({
    iss: deps.baseUrl,
    aud: audience,
    iat: Math.floor(deps.now() / 1000),
    token_introspection: answer,
  })
  return { status: 200, headers: { 'content-type': signedType, ...neverStored }, body }
}

function refusal(error: OAuthError): HttpReply {
  const { error: code } = error.kind
  const isBearer = code === 'invalid_token' || code === 'insufficient_scope'
  const challenge = isBearer ? `Bearer realm="introspection", error="${code}"` : basic
  return tokenError(error, challenge)
}
