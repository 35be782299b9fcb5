/** The token endpoint: form, client, then grant type. TOK-01, TOK-11, TOK-22, RFC-07; errors are JSON and never stored. */
import { tokenRefused } from '../../audit/event.ts'
import type { Params } from '../../http/params.ts'
import { json } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import type { Client, GrantType } from '../client.ts'
import { OAuthError } from '../errors.ts'
import { redeemCode } from './authorization-code.ts'
import { authenticateClient } from './client-auth.ts'
import { grantToClient } from './client-credentials.ts'
import type { TokenDeps } from './deps.ts'
import { requiredParameter } from './parameter.ts'
import { refresh } from './refresh-token.ts'

const formType = 'application/x-www-form-urlencoded'
const challenge = 'Basic realm="token", charset="UTF-8"'
const neverStored = { 'cache-control': 'no-store', pragma: 'no-cache' }

type Handler = (form: Params, client: Client, deps: TokenDeps) => Promise<Record<string, unknown>>

const handlers: Readonly<Record<GrantType, Handler>> = {
  authorization_code: redeemCode,
  refresh_token: refresh,
  client_credentials: grantToClient,
}

const knownParameters = [
  'grant_type',
  'code',
  'redirect_uri',
  'code_verifier',
  'refresh_token',
  'scope',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
]

/** Answers a token request. */
export async function token(request: HttpRequest, deps: TokenDeps): Promise<HttpReply> {
  try {
    return json(200, await answer(request, deps), neverStored)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const grantType =
      request.contentType === formType ? request.form.get('grant_type')?.slice(0, 50) : undefined
    const reason = error.detail === undefined ? error.message : `${error.message}: ${error.detail}`
    await deps.audit.record(tokenRefused({ address: request.remoteAddress }, grantType ?? '', reason))
    return tokenError(error)
  }
}

async function answer(request: HttpRequest, deps: TokenDeps): Promise<Record<string, unknown>> {
  if (request.contentType !== formType) throw new OAuthError('contentType')
  const { form } = request
  const repeated = form.repeated(knownParameters)
  if (repeated)
    throw new OAuthError('tokenRepeated', { text: `The parameter ${repeated} was sent more than once.` })
  const client = await authenticateClient(request.headers.authorization, form, deps)
  const grantType = requiredParameter(form, 'grant_type')
  if (!isGrantType(grantType)) throw new OAuthError('grantType')
  if (!client.grantTypes.includes(grantType)) throw new OAuthError('grantTypeNotAllowed')
  return handlers[grantType](form, client, deps)
}

function isGrantType(text: string): text is GrantType {
  return Object.hasOwn(handlers, text)
}

/** An error in the format of the endpoints that apps call. */
export function tokenError({ kind, text }: OAuthError): HttpReply {
  const headers = kind.status === 401 ? { ...neverStored, 'www-authenticate': challenge } : neverStored
  return json(kind.status, { error: kind.error, error_description: text }, headers)
}

/** How a failure before the endpoint is told. */
export function tokenFailure(status: number, text: string): HttpReply {
  const error =
    status === 429 ? 'temporarily_unavailable' : status >= 500 ? 'server_error' : 'invalid_request'
  return json(status, { error, error_description: text }, neverStored)
}
