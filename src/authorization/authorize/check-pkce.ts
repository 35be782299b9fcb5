// Every app uses PKCE with S256; a missing method would mean plain, which SMART forbids. AUTHZ-15 to AUTHZ-19, RFC-14, RFC-15.
import type { Params } from '../../http/params.ts'
import { isChallenge } from '../../smart/pkce.ts'
import { OAuthError } from '../errors.ts'

/** The S256 challenge of the request. */
export function checkPkce(params: Params): string {
  const challenge = params.get('code_challenge')
  if (!challenge) throw new OAuthError('challengeMissing')
  if (params.get('code_challenge_method') !== 'S256') throw new OAuthError('challengeMethod')
  if (!isChallenge(challenge)) throw new OAuthError('challengeForm')
  return challenge
}
