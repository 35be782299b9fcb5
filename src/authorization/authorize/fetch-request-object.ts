// A request object at an address is fetched only from one that the app registered: nobody else says where this server goes. RFC 9101 §5.2, §10.4; OIDC Core §6.2.
import type { Outbound } from '../../http/outbound.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'

const SECOND = 1000
const limits = {
  accept: 'application/oauth-authz-req+jwt, application/jwt',
  maxBytes: 64 * 1024,
  timeout: 5 * SECOND,
  // Anybody can have one asked for: slow ones hold up each other only.
  purpose: 'request objects',
}

/** The request object behind a `request_uri` that the app registered, character by character. */
export async function fetchRequestObject(
  uri: string,
  client: Client,
  outbound: Pick<Outbound, 'get'>,
): Promise<string> {
  if (!client.requestUris?.includes(uri)) throw new OAuthError('requestUriForeign')
  const answer = await outbound.get(uri, limits)
  if ('refused' in answer) {
    throw new OAuthError('requestUriUnreachable', { detail: `${answer.refused}: ${answer.detail}` })
  }
  if (answer.status !== 200)
    throw new OAuthError('requestUriUnreachable', { detail: `status ${answer.status}` })
  return answer.body.trim()
}
