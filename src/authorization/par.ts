/** `/oauth/par`: an app pushes its authorization request beforehand and sends the browser with a name for it. RFC 9126. */
import { tokenRefused } from '../audit/event.ts'
import { Params } from '../http/params.ts'
import { json } from '../http/reply.ts'
import type { HttpReply, HttpRequest } from '../http/route.ts'
import { checkRequest, wayBackOf } from './authorize/check-request.ts'
import type { AuthorizeDeps } from './authorize/deps.ts'
import { deniedEvent } from './authorize/index.ts'
import { pushedPrefix, readSigned } from './authorize/load-request.ts'
import type { Client } from './client.ts'
import { type BindingDeps, checkBinding } from './dpop/check-binding.ts'
import { OAuthError } from './errors.ts'
import { hashSecret } from './secrets.ts'
import { authenticateClient } from './token/client-auth.ts'
import { reasonOf } from './token/form.ts'
import { withNonce } from './token/index.ts'

const SECOND = 1000
/** Enough for a browser to come with it. */
const PUSHED_LIFETIME = 90 * SECOND

const credentials = new Set(['client_secret', 'client_assertion', 'client_assertion_type'])
const formType = 'application/x-www-form-urlencoded'

type ParDeps = AuthorizeDeps & BindingDeps & Parameters<typeof authenticateClient>[2]

/** Answers a pushed authorization request: checked now as it will be checked again when the browser comes. */
export async function par(request: HttpRequest, deps: ParDeps): Promise<HttpReply> {
  let client: Client | undefined
  try {
    client = await loadClient(request, deps)
    return await push(request, client, deps)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    // What is wrong with the parameters of a known app is on record already.
    if (client === undefined) {
      const actor = { address: request.remoteAddress }
      await deps.audit.record(tokenRefused(actor, 'pushed-request', reasonOf(error)))
    }
    return withNonce(error, deps)
  }
}

async function loadClient(request: HttpRequest, deps: ParDeps): Promise<Client> {
  if (request.contentType !== formType) throw new OAuthError('contentType')
  // Lenient reading, as at the authorization endpoint: a state may be of odd bytes.
  const form = Params.parse(request.body)
  const repeated = form.repeated([...credentials, 'client_id'])
  if (repeated)
    throw new OAuthError('tokenRepeated', { text: `The parameter ${repeated} was sent more than once.` })
  return authenticateClient(request.headers.authorization, form, {
    ...deps,
    endpoint: `${deps.baseUrl}/oauth/par`,
  })
}

async function push(request: HttpRequest, client: Client, deps: ParDeps): Promise<HttpReply> {
  const sent = withoutCredentials(request.body)
  try {
    const asked = await parametersOf(sent, client, deps)
    const { signed } = asked
    const jkt = request.headers.dpop && (await checkBinding(request, client, deps))
    const parameters = bound(asked.parameters, jkt)
    const params = Params.parse(parameters)
    checkRequest(params, client, wayBackOf(parameters, params, client), deps)
    const secret = deps.ids.secret()
    const expiresAt = deps.now() + PUSHED_LIFETIME
    await deps.pushed.add({ hash: hashSecret(secret), clientId: client.id, parameters, signed, expiresAt })
    return json(201, { request_uri: pushedPrefix + secret, expires_in: PUSHED_LIFETIME / SECOND })
  } catch (error) {
    if (error instanceof OAuthError)
      await deps.audit.record(deniedEvent(request, client, Params.parse(sent), error))
    throw error
  }
}

/** The parameters as they came, or out of a request object, beside which nothing counts (RFC 9126 §3). */
async function parametersOf(
  sent: string,
  client: Client,
  deps: ParDeps,
): Promise<{ parameters: string; signed: boolean }> {
  const params = Params.parse(sent)
  if (params.get('request_uri') !== undefined) throw new OAuthError('requestUriInPush')
  if (params.repeated(['request'])) throw new OAuthError('requestTwice')
  const object = params.get('request')
  if (object !== undefined)
    return { parameters: await readSigned(object, params, client, deps), signed: true }
  if (client.requiresSignedRequests) throw new OAuthError('signatureRequired')
  return { parameters: sent, signed: false }
}

/** A push with a proof binds the code to its key; what the parameters say themselves has to agree (RFC 9449 §10.1). */
function bound(parameters: string, jkt: string | undefined): string {
  if (jkt === undefined) return parameters
  const named = Params.parse(parameters).get('dpop_jkt')
  if (named !== undefined && named !== jkt) throw new OAuthError('proofKey')
  return named === undefined ? `${parameters}&dpop_jkt=${jkt}` : parameters
}

/** The parameters byte for byte, but for what proves who the app is. */
function withoutCredentials(body: string): string {
  const isKept = (pair: string) => Params.parse(pair).entries.every(([name]) => !credentials.has(name))
  return body.split('&').filter(isKept).join('&')
}
