// What is only passed on (nonce to the ID token, hints to the sign-in page) is kept short. OIDC Core §3.1.2.1.
import type { Params } from '../../http/params.ts'
import { OAuthError } from '../errors.ts'

const longest = 1024

interface Hints {
  readonly nonce?: string
  readonly loginHint?: string
  readonly uiLocales?: string
  readonly acrValues?: readonly string[]
}

/** The parameters that this endpoint hands on unread. A hint that is too long is dropped, a nonce refused. */
export function checkHints(params: Params): Hints {
  const nonce = params.get('nonce')
  if (nonce && nonce.length > longest) throw new OAuthError('nonceTooLong')
  const loginHint = short(params.get('login_hint'))
  const uiLocales = short(params.get('ui_locales'))
  const acrValues = (short(params.get('acr_values')) ?? '').split(' ').filter((value) => value !== '')
  return {
    ...(nonce && { nonce }),
    ...(loginHint && { loginHint }),
    ...(uiLocales && { uiLocales }),
    ...(acrValues.length > 0 && { acrValues }),
  }
}

function short(text: string | undefined): string | undefined {
  return text && text.length <= longest ? text : undefined
}
