// Which app is asking, and is it really that one. TOK-06 to TOK-09, RFC-08 to RFC-10, AMB-10, AMB-11; RFC 6749 §2.3.
import type { Params } from '../../http/params.ts'
import { type Client, isConfidential } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { ClientStore } from '../ports.ts'
import { isSecretOf } from '../secrets.ts'

interface Credentials {
  readonly id: string
  readonly secret?: string
}

/** The app behind a token request: a public one by its name, a confidential one by its secret, in one way only. */
export async function authenticateClient(
  authorization: string | undefined,
  form: Params,
  clients: ClientStore,
): Promise<Client> {
  const failure = authorization === undefined ? 'client' : 'clientHeader'
  for (const { id, secret } of readCredentials(authorization, form)) {
    const client = await clients.find(id)
    if (client && !client.disabled && isProven(client, secret)) return client
  }
  throw new OAuthError(failure)
}

function isProven(client: Client, secret: string | undefined): boolean {
  // A public app that sends a secret believes itself protected by it: better it learns now that it is not.
  if (!isConfidential(client)) return secret === undefined
  return secret !== undefined && client.secretHash !== undefined && isSecretOf(secret, client.secretHash)
}

/** The credentials of the request; more than one pair where the header has two readings. */
function readCredentials(authorization: string | undefined, form: Params): readonly Credentials[] {
  const id = form.get('client_id')
  const secret = form.get('client_secret')
  const ways = [authorization, secret, form.get('client_assertion')].filter((way) => way !== undefined)
  if (ways.length > 1) throw new OAuthError('twoAuthentications')
  // An assertion is a way of authenticating that no app here is registered for.
  if (form.get('client_assertion') ?? form.get('client_assertion_type')) throw new OAuthError('client')
  if (authorization !== undefined) return readBasic(authorization, id)
  if (id === undefined) throw new OAuthError('client', { detail: 'no client_id' })
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
