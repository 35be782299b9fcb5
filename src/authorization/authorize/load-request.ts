// Where the parameters of the request are: in the request itself, or pushed before. Then nothing else counts. RFC 9126 §4; RFC 9101 §5, §6.3.
import type { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { PushedRequestStore } from '../pushed-request.ts'
import { hashSecret } from '../secrets.ts'

/** Before the random part of the `request_uri` of a pushed request. @see RFC 9126 §2.2 */
export const pushedPrefix = 'urn:ietf:params:oauth:request_uri:'

/** The parameters that count, form-encoded, and how they came. */
export interface LoadedRequest {
  readonly raw: string
  /** Of a pushed request: its hash, to use it up. */
  readonly pushedHash?: string
}

interface LoadDeps {
  readonly pushed: Pick<PushedRequestStore, 'find'>
  readonly now: () => number
}

/** Finds the parameters of an authorization request of this app. */
export async function loadRequest(
  raw: string,
  params: Params,
  client: Client,
  deps: LoadDeps,
): Promise<LoadedRequest> {
  const uri = params.get('request_uri')
  if (uri?.startsWith(pushedPrefix)) return loadPushed(uri, params, client, deps)
  if (client.requiresPushedRequests) throw new OAuthError('pushRequired')
  return { raw }
}

async function loadPushed(
  uri: string,
  params: Params,
  client: Client,
  deps: LoadDeps,
): Promise<LoadedRequest> {
  const pushedHash = hashSecret(uri.slice(pushedPrefix.length))
  const isAlone = !params.repeated(['request_uri']) && params.get('request') === undefined
  const found = isAlone ? await deps.pushed.find(pushedHash) : undefined
  if (!found || found.clientId !== client.id || found.expiresAt <= deps.now()) {
    throw new OAuthError('requestUriUnknown')
  }
  return { raw: found.parameters, pushedHash }
}
