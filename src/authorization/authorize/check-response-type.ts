// The code flow only. AUTHZ-01; RFC 6749 §3.1.1; OAuth 2.0 Multiple Response Types §2.1; OIDC Core §6, §7.2.1.
import type { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'

/** Checks `response_type`, and that the app is registered for the code flow. */
export function checkResponseType(params: Params, client: Client): void {
  if (params.get('registration')) throw new OAuthError('registrationParameter')
  const type = params.get('response_type')
  if (!type) throw new OAuthError('responseTypeMissing')
  if (type !== 'code') throw new OAuthError('responseType')
  if (!client.grantTypes.includes('authorization_code')) throw new OAuthError('grantNotAllowed')
}
