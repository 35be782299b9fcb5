import type { VerifiedRedirectUri } from './check-redirect-uri.ts'
import type { ResponseMode } from './check-response-mode.ts'
import type { EncodedState } from './parse-state.ts'

/** What an authorization request may ask of the user's attention. @see OIDC Core §3.1.2.1 */
export interface Prompt {
  readonly none: boolean
  readonly login: boolean
  readonly consent: boolean
}

/** An authorization request of which every part was checked. */
export interface AuthorizationRequest {
  readonly clientId: string
  readonly redirectUri: VerifiedRedirectUri
  readonly state?: EncodedState
  /** How the answer comes; without it, in the query. */
  readonly responseMode?: ResponseMode
  /** The S256 challenge; nothing of an old app that may come without. */
  readonly challenge?: string
  readonly nonce?: string
  /** Every scope that could be granted, in the order and the form they were asked for. */
  readonly scope: string
  readonly prompt: Prompt
  readonly loginHint?: string
  /** Seconds that may have passed since the user signed in. */
  readonly maxAge?: number
  /** How strong a sign-in the app would like, the best first; it gets what there is. */
  readonly acrValues?: readonly string[]
  /** The account that has to be at the browser: the subject of an earlier ID token. */
  readonly subject?: string
  readonly uiLocales?: string
}

/** The parameters that this endpoint knows; others are ignored (RFC-03). */
export const knownParameters = [
  'response_type',
  'response_mode',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'aud',
  'resource',
  'launch',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'prompt',
  'login_hint',
  'ui_locales',
  'display',
  'max_age',
  'acr_values',
  'id_token_hint',
  'registration',
  'request',
  'request_uri',
] as const
