// Where the parameters of the request are: in the request itself, in an object that the app signed, or pushed before. Then nothing else counts. RFC 9126 §4; RFC 9101 §5, §6.3.

import type { Outbound } from '../../http/outbound.ts'
import { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { PushedRequestStore } from '../pushed-request.ts'
import { hashSecret } from '../secrets.ts'
import { fetchRequestObject } from './fetch-request-object.ts'
import { type RequestObjectDeps, readRequestObject } from './request-object.ts'

/** Before the random part of the `request_uri` of a pushed request. @see RFC 9126 §2.2 */
export const pushedPrefix = 'urn:ietf:params:oauth:request_uri:'

/** The parameters that count, form-encoded, and how they came. */
export interface LoadedRequest {
  readonly raw: string
  /** Of a pushed request: its hash, to use it up. */
  readonly pushedHash?: string
}

export interface LoadDeps extends RequestObjectDeps {
  readonly pushed: Pick<PushedRequestStore, 'find'>
  readonly outbound: Pick<Outbound, 'get'>
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
  const object = await loadObject(params, client, deps)
  return { raw: object === undefined ? raw : await readSigned(object, params, client, deps) }
}

/** The parameters of a request object, which has to agree with what OAuth asks for beside it. @see RFC 9101 §5 */
export async function readSigned(
  object: string,
  params: Params,
  client: Client,
  deps: RequestObjectDeps,
): Promise<string> {
  const raw = await readRequestObject(object, client, deps)
  const outside = params.get('response_type')
  if (outside !== undefined && outside !== Params.parse(raw).get('response_type')) {
    throw new OAuthError('requestObject', {
      text: 'The parameter response_type contradicts the request object.',
    })
  }
  return raw
}

async function loadObject(params: Params, client: Client, deps: LoadDeps): Promise<string | undefined> {
  const repeated = params.repeated(['request', 'request_uri'])
  const object = params.get('request')
  const uri = params.get('request_uri')
  if (repeated || (object && uri)) throw new OAuthError('requestTwice')
  if (uri !== undefined) return fetchRequestObject(uri, client, deps.outbound)
  if (object === undefined && client.requiresSignedRequests) throw new OAuthError('signatureRequired')
  return object
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
  const isStrong = found?.signed === true || client.requiresSignedRequests !== true
  if (!found || found.clientId !== client.id || found.expiresAt <= deps.now() || !isStrong) {
    throw new OAuthError('requestUriUnknown')
  }
  return { raw: found.parameters, pushedHash }
}
