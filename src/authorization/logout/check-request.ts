// Who asks for a logout, of whom, and where it may lead: only to an address that the app registered, character by character. RP-Initiated Logout 1.0 §2, §3, §6.
import type { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { KeyRing } from '../keys.ts'
import { type OwnIdToken, readIdToken } from '../own-id-token.ts'
import type { ClientStore } from '../ports.ts'

/** A checked logout request. */
export interface LogoutRequest {
  /** What our own ID token says, if a good one came along. */
  readonly hint?: OwnIdToken
  readonly client?: Client
  /** Where the browser goes afterwards, complete. */
  readonly target?: string
}

const known = ['id_token_hint', 'logout_hint', 'client_id', 'post_logout_redirect_uri', 'state', 'ui_locales']
const longestState = 16 * 1024

interface CheckDeps {
  readonly baseUrl: string
  readonly keys: Pick<KeyRing, 'hints'>
  /** The apps as they are on record: nobody is asked for a document while somebody signs out. */
  readonly clients: Pick<ClientStore, 'find'>
}

/** Checks a logout request; every error is told in place. */
export async function checkLogoutRequest(params: Params, deps: CheckDeps): Promise<LogoutRequest> {
  const repeated = params.repeated(known)
  if (repeated)
    throw new OAuthError('logoutRepeated', { text: `The parameter ${repeated} was sent more than once.` })
  const sent = params.get('id_token_hint')
  // One that is no token of ours says nothing: then the person is asked.
  const hint = sent === undefined ? undefined : readIdToken(sent, deps.keys.hints, deps.baseUrl)
  const named = params.get('client_id')
  if (hint && named !== undefined && named !== hint.aud) throw new OAuthError('logoutClient')
  const client = await findClient(named ?? hint?.aud, deps.clients)
  // Whose app is gone meanwhile may sign out all the same: the token says who asks, only not where that may lead.
  if (!client && !hint && named !== undefined) throw new OAuthError('clientUnknown')
  // Nor does it say whose address that is: then the person is asked here, and stays here.
  const isNobodys = sent !== undefined && client === undefined
  const target = isNobodys ? undefined : targetOf(params, client)
  return { ...(hint && { hint }), ...(client && { client }), ...(target !== undefined && { target }) }
}

/** The app of that name, if it may be talked to. */
async function findClient(
  id: string | undefined,
  clients: CheckDeps['clients'],
): Promise<Client | undefined> {
  const client = id !== undefined && id.length <= 256 ? await clients.find(id) : undefined
  return client?.disabled ? undefined : client
}

function targetOf(params: Params, client: Client | undefined): string | undefined {
  const uri = params.get('post_logout_redirect_uri')
  if (uri === undefined) return undefined
  if (!client?.postLogoutRedirectUris?.includes(uri)) throw new OAuthError('logoutRedirect')
  const state = params.get('state')
  if (state === undefined) return uri
  if (state.length > longestState) throw new OAuthError('logoutState')
  return `${uri}${uri.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`
}
