// Every app uses PKCE with S256; a missing method would mean plain, which SMART forbids. AUTHZ-15 to AUTHZ-19, RFC-14, RFC-15.
// Who has to come without is only who an administrator wrote down as an app of SMART 1.0, and who keeps a secret. D.2, AMB-57.
import type { Params } from '../../http/params.ts'
import { isChallenge } from '../../smart/pkce.ts'
import { type Client, mayOmitPkce } from '../client.ts'
import { OAuthError } from '../errors.ts'

/** The S256 challenge of the request; nothing only for an old app that may come without. */
export function checkPkce(params: Params, client: Client): string | undefined {
  const challenge = params.get('code_challenge')
  const method = params.get('code_challenge_method')
  if (!challenge) {
    if (mayOmitPkce(client) && method === undefined) return undefined
    throw new OAuthError('challengeMissing')
  }
  if (method !== 'S256') throw new OAuthError('challengeMethod')
  if (!isChallenge(challenge)) throw new OAuthError('challengeForm')
  return challenge
}
