// Only a registered, enabled app can ask; nothing is redirected before it is known which one asks. RFC 6749 §4.1.2.1, REG-07.
import type { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { ClientStore } from '../ports.ts'

/** The app that `client_id` names; errors are for the user, not for a redirect. */
export async function loadClient(params: Params, clients: ClientStore): Promise<Client> {
  if (params.repeated(['client_id'])) throw new OAuthError('clientRepeated')
  const id = params.get('client_id')
  if (!id) throw new OAuthError('clientMissing')
  const client = id.length <= 256 ? await clients.find(id) : undefined
  if (client?.approval === 'waiting') throw new OAuthError('clientWaiting')
  if (!client || client.disabled) {
    const problem = clients.problemOf?.(id)
    throw new OAuthError('clientUnknown', problem === undefined ? {} : { text: problem })
  }
  return client
}
