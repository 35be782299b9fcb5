// Whom the app believes to be at the browser: an ID token that we gave this app, expired or not. OIDC Core §3.1.2.1, §3.1.2.2.
import type { Params } from '../../http/params.ts'
import type { Client } from '../client.ts'
import { OAuthError } from '../errors.ts'
import type { KeyRing } from '../keys.ts'
import { readIdToken } from '../own-id-token.ts'

/** The account that `id_token_hint` names; a hint that is none of ours, or another app's, is refused. */
export function checkIdTokenHint(
  params: Params,
  client: Client,
  deps: { readonly keys: Pick<KeyRing, 'hints'>; readonly baseUrl: string },
): string | undefined {
  const hint = params.get('id_token_hint')
  if (hint === undefined) return undefined
  const claims = readIdToken(hint, deps.keys.hints, deps.baseUrl)
  if (claims?.aud !== client.id) throw new OAuthError('idTokenHint')
  return claims.sub
}
