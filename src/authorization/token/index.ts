/** The token endpoint: form, client, then grant type. TOK-01, TOK-11, TOK-22, RFC-07; errors are JSON and never stored. */
import { tokenRefused } from '../../audit/event.ts'
import type { Params } from '../../http/params.ts'
import { json } from '../../http/reply.ts'
import type { HttpReply, HttpRequest } from '../../http/route.ts'
import { type Client, type GrantType, tokenExchange } from '../client.ts'
import { type BindingDeps, checkBinding, nonceHeader } from '../dpop/check-binding.ts'
import { OAuthError } from '../errors.ts'
import { redeemCode } from './authorization-code.ts'
import { authenticateClient } from './client-auth.ts'
import { grantToClient } from './client-credentials.ts'
import type { TokenDeps } from './deps.ts'
import { checkForm, hasForm, neverStored, reasonOf, tokenError } from './form.ts'
import { holdAssertion } from './held-assertion.ts'
import { requiredParameter } from './parameter.ts'
import { refresh } from './refresh-token.ts'
import { exchangeToken } from './token-exchange.ts'

type Handler = (form: Params, client: Client, deps: TokenDeps) => Promise<Record<string, unknown>>

const handlers: Readonly<Record<GrantType, Handler>> = {
  authorization_code: redeemCode,
  refresh_token: refresh,
  client_credentials: grantToClient,
  [tokenExchange]: exchangeToken,
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
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'actor_token',
  'actor_token_type',
]

/** Answers a token request. */
export async function token(request: HttpRequest, deps: Omit<TokenDeps, 'assertion'>): Promise<HttpReply> {
  try {
    const body = await answer(request, deps)
    const wantsNonce = body.token_type === 'DPoP' && deps.proofs.needsNonce
    return json(200, body, { ...neverStored, ...nonceHeader(wantsNonce, deps) })
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    const grantType = hasForm(request) ? request.form.get('grant_type')?.slice(0, 50) : undefined
    await deps.audit.record(
      tokenRefused({ address: request.remoteAddress }, grantType ?? '', reasonOf(error)),
    )
    return withNonce(error, deps)
  }
}

async function answer(request: HttpRequest, deps: Omit<TokenDeps, 'assertion'>) {
  const form = checkForm(request, knownParameters)
  const assertion = holdAssertion(deps.replays)
  const client = await authenticateClient(request.headers.authorization, form, {
    ...deps,
    replays: assertion,
  })
  try {
    return await grant(request, form, client, { ...deps, assertion })
  } catch (error) {
    if (error instanceof OAuthError) await assertion.useUp()
    // A fault of ours is told as that, whatever became of the assertion.
    else await assertion.useUp().catch(() => undefined)
    throw error
  }
}

async function grant(
  request: HttpRequest,
  form: Params,
  client: Client,
  deps: TokenDeps,
): Promise<Record<string, unknown>> {
  const grantType = requiredParameter(form, 'grant_type')
  if (!isGrantType(grantType)) throw new OAuthError('grantType')
  if (!client.grantTypes.includes(grantType)) throw new OAuthError('grantTypeNotAllowed')
  const jkt = await checkBinding(request, client, deps)
  return handlers[grantType](form, client, jkt === undefined ? deps : { ...deps, jkt })
}

/** An error, with the nonce that it asks for. */
export function withNonce(error: OAuthError, deps: Pick<BindingDeps, 'proofs'>): HttpReply {
  const reply = tokenError(error)
  return { ...reply, headers: { ...reply.headers, ...nonceHeader(error.message === 'proofNonce', deps) } }
}

function isGrantType(text: string): text is GrantType {
  return Object.hasOwn(handlers, text)
}
