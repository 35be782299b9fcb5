// How the answer reaches the app. OAuth 2.0 Multiple Response Types §2.1; Form Post Response Mode §2.
import type { Params } from '../../http/params.ts'
import { OAuthError } from '../errors.ts'

/** In the address, or as a form that the browser posts. */
export type ResponseMode = 'query' | 'form_post'

/** Refuses a `response_mode` that this server does not have; without one the answer is in the query. */
export function checkResponseMode(params: Params): void {
  const mode = params.get('response_mode')
  if (mode !== undefined && mode !== 'query' && mode !== 'form_post') throw new OAuthError('responseMode')
}
