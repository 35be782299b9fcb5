// What the app asks of the user's attention: nothing at all, a fresh sign-in, another account, or consent. OIDC Core §3.1.2.1.
import type { Params } from '../../http/params.ts'
import { OAuthError } from '../errors.ts'
import type { Prompt } from './request.ts'

/** Reads `prompt`; unknown words are ignored, `none` beside another word is refused. */
export function checkPrompt(params: Params): Prompt {
  const words = (params.get('prompt') ?? '').split(' ').filter((word) => word !== '')
  if (words.includes('none') && words.length > 1) throw new OAuthError('promptNone')
  return {
    none: words.includes('none'),
    // Another account is chosen by signing in with it.
    login: words.includes('login') || words.includes('select_account'),
    consent: words.includes('consent'),
  }
}
