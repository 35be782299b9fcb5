// Which app is asking, and is it really that one, in the one way that it registered. TOK-06 to TOK-09, CAUTH-01, CAUTH-44,
// RFC-08 to RFC-10, AMB-08, AMB-10, AMB-11; RFC 6749 §2.3.
import type { Params } from '../../http/params.ts'
import { type AuthMethod, type Client, isConfidential } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { GrantStore } from '../ports.ts'
import { isRuledOut, isWaiting } from '../registration/approval.ts'
import { hashInOrder, isSecretOf } from '../secrets.ts'
import { type AssertionDeps, checkAssertion, waits } from './client-assertion.ts'

interface Credentials {
  readonly id: string
  readonly secret?: string
  readonly method: AuthMethod
}

/** What an app is authenticated with. */
export interface ClientDeps extends AssertionDeps {
  readonly grants: Pick<GrantStore, 'findRefresh'>
}

/** The app behind a token request: a public one by its name, a confidential one in the one way that it registered. */
export async function authenticateClient(
  authorization: string | undefined,
  form: Params,
  deps: ClientDeps,
): Promise<Client> {
  checkOneWay(authorization, form)
  if (form.get('client_assertion') ?? form.get('client_assertion_type')) return checkAssertion(form, deps)
  const failure = authorization === undefined ? 'client' : 'clientHeader'
  const sent = readCredentials(authorization, form)
  if (sent === undefined && form.get('refresh_token') === undefined) throw nameless()
  let isPublic = false
  for (const credentials of sent ?? (await loadFromToken(form, deps.grants))) {
    const client = await deps.clients.find(credentials.id)
    if (!client || isRuledOut(client)) continue
    if (isProven(client, credentials, deps.now())) {
      if (isWaiting(client)) throw new OAuthError(failure, { text: waits })
      if (client.authMethod === credentials.method) return client
      throw new OAuthError(failure, { text: `This app is registered for ${client.authMethod} alone.` })
    }
    isPublic ||= client.authMethod === 'none' && !client.disabled
  }
  throw new OAuthError(failure, isPublic ? { text: noSecret } : {})
}

const noSecret = 'This app has no secret (it is registered for none): send client_id alone.'

function checkOneWay(authorization: string | undefined, form: Params): void {
  const ways = [authorization, form.get('client_secret'), form.get('client_assertion')]
  if (ways.filter((way) => way !== undefined).length > 1) throw new OAuthError('twoAuthentications')
}

/** A public app that sends a secret believes itself protected by it: better it learns now that it is not. */
function isProven(client: Client, { secret }: Credentials, now: number): boolean {
  if (!isConfidential(client)) return secret === undefined
  return secret !== undefined && isSecretNow(client, secret, now)
}

/** Every secret is compared, so that the time does not tell which one it was. */
function isSecretNow({ secrets = [] }: Client, secret: string, now: number): boolean {
  const fits = secrets.map(
    ({ hash, endsAt = Number.POSITIVE_INFINITY }) => isSecretOf(secret, hash) && endsAt > now,
  )
  return fits.includes(true)
}

/** A refresh token tells by itself whose it is; of a confidential app that proves nothing (docs/adr/0013). */
async function loadFromToken(form: Params, grants: ClientDeps['grants']): Promise<readonly Credentials[]> {
  const token = form.get('grant_type') === 'refresh_token' ? form.get('refresh_token') : undefined
  const found = token === undefined ? undefined : await grants.findRefresh(hashInOrder(token))
  return found ? [{ id: found.grant.clientId, method: 'none' }] : []
}

/** The credentials of the request, nothing when it has none; more than one pair where the header has two readings. */
function readCredentials(
  authorization: string | undefined,
  form: Params,
): readonly Credentials[] | undefined {
  const id = form.get('client_id')
  const secret = form.get('client_secret')
  if (authorization !== undefined) return readBasic(authorization, id)
  if (id === undefined && secret !== undefined) throw nameless()
  if (id === undefined) return undefined
  return [secret === undefined ? { id, method: 'none' } : { id, secret, method: 'client_secret_post' }]
}

function readBasic(authorization: string, bodyId: string | undefined): readonly Credentials[] {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization) ?? []
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) throw notBasic()
  const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)]
  // Form-encoded as RFC 6749 §2.3.1 says, or plain as many apps send it.
  const readings = [
    { id: decodeForm(id), secret: decodeForm(secret), method: 'client_secret_basic' as const },
    { id, secret, method: 'client_secret_basic' as const },
  ]
  if (bodyId !== undefined && !readings.some((reading) => reading.id === bodyId)) {
    throw new OAuthError('clientMismatch')
  }
  return readings.filter(
    (reading, at) => at === 0 || reading.id !== readings[0]?.id || reading.secret !== readings[0]?.secret,
  )
}

function nameless(): OAuthError {
  const text = 'The parameter client_id is missing, and nothing else says which app this is.'
  return new OAuthError('client', { text })
}

function notBasic(): OAuthError {
  const text = 'The header Authorization has to be Basic, with base64 of client_id:client_secret.'
  return new OAuthError('clientHeader', { text })
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
