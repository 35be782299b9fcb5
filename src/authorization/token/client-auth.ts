// Which app is asking, and is it really that one. TOK-06 to TOK-09, RFC-08 to RFC-10, AMB-08, AMB-10, AMB-11; RFC 6749 §2.3.
import type { Params } from '../../http/params.ts'
import { type Client, isConfidential } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { ClientStore, GrantStore } from '../ports.ts'
import { hashSecret, isSecretOf } from '../secrets.ts'

interface Credentials {
  readonly id: string
  readonly secret?: string
}

interface ClientDeps {
  readonly clients: Pick<ClientStore, 'find'>
  readonly grants: Pick<GrantStore, 'findRefresh'>
  readonly now: () => number
}

/** The app behind a token request: a public one by its name, a confidential one by its secret, in one way only. */
export async function authenticateClient(
  authorization: string | undefined,
  form: Params,
  deps: ClientDeps,
): Promise<Client> {
  const failure = authorization === undefined ? 'client' : 'clientHeader'
  const sent = readCredentials(authorization, form)
  for (const { id, secret } of sent ?? (await loadFromToken(form, deps.grants))) {
    const client = await deps.clients.find(id)
    if (client && !client.disabled && isProven(client, secret, deps.now())) return client
  }
  throw new OAuthError(failure)
}

function isProven(client: Client, secret: string | undefined, now: number): boolean {
  // A public app that sends a secret believes itself protected by it: better it learns now that it is not.
  if (!isConfidential(client)) return secret === undefined
  if (secret === undefined) return false
  // Every secret is compared, so that the time does not tell which one came close.
  const fits = (client.secrets ?? []).filter(
    ({ hash, endsAt = Infinity }) => isSecretOf(secret, hash) && endsAt > now,
  )
  return fits.length > 0
}

/** A refresh token tells by itself whose it is; of a confidential app that proves nothing (docs/adr/0013). */
async function loadFromToken(form: Params, grants: ClientDeps['grants']): Promise<readonly Credentials[]> {
  const token = form.get('grant_type') === 'refresh_token' ? form.get('refresh_token') : undefined
  const found = token === undefined ? undefined : await grants.findRefresh(hashSecret(token))
  return found ? [{ id: found.grant.clientId }] : []
}

/** The credentials of the request, nothing when it has none; more than one pair where the header has two readings. */
function readCredentials(
  authorization: string | undefined,
  form: Params,
): readonly Credentials[] | undefined {
  const id = form.get('client_id')
  const secret = form.get('client_secret')
  const ways = [authorization, secret, form.get('client_assertion')].filter((way) => way !== undefined)
  if (ways.length > 1) throw new OAuthError('twoAuthentications')
  // An assertion is a way of authenticating that no app here is registered for.
  if (form.get('client_assertion') ?? form.get('client_assertion_type')) throw new OAuthError('client')
  if (authorization !== undefined) return readBasic(authorization, id)
  if (id === undefined && secret !== undefined)
    throw new OAuthError('client', { detail: 'a secret without client_id' })
  if (id === undefined) return undefined
  return [secret === undefined ? { id } : { id, secret }]
}

function readBasic(authorization: string, bodyId: string | undefined): readonly Credentials[] {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization) ?? []
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 1) throw new OAuthError('clientHeader', { detail: 'not Basic credentials' })
  const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)]
  // Form-encoded as RFC 6749 §2.3.1 says, or plain as many apps send it.
  const readings = [
    { id: decodeForm(id), secret: decodeForm(secret) },
    { id, secret },
  ]
  if (bodyId !== undefined && !readings.some((reading) => reading.id === bodyId)) {
    throw new OAuthError('clientMismatch')
  }
  return readings.filter(
    (reading, at) => at === 0 || reading.id !== readings[0]?.id || reading.secret !== readings[0]?.secret,
  )
}

function decodeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
