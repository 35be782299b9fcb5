/**
 * Sends a browser to a provider: authorization code flow with PKCE, state and nonce, all bound to this browser.
 * @see OpenID Connect Core 1.0 §3.1.2.1, RFC 7636, RFC 9700 §2.1
 */
import { createHash } from 'node:crypto'
import type { Cookie, HttpRequest } from '../../http/route.ts'
import { SESSION_LIFETIME } from '../durations.ts'
import { callbackOf } from './addresses.ts'
import type { ProviderDeps } from './deps.ts'
import { loadOpenid } from './libraries.ts'
import type { Visit } from './ports.ts'
import type { Provider } from './provider.ts'
import { browserCookie, browserSecretOf, hash, nonceOf, VISIT_LIFETIME, verifierOf } from './secrets.ts'

const SECOND = 1000
const LONGEST_HINT = 200

/** What a visit is for, and what is passed on to the provider. */
export interface Errand extends Pick<Visit, 'returnTo' | 'again' | 'secondFactor' | 'linkTo'> {
  readonly loginHint?: string | undefined
  readonly uiLocales: string
}

/** Notes the visit and gives the address to go to; refuses as `down` when the provider does not answer. */
export async function startVisit(
  deps: ProviderDeps,
  provider: Provider,
  request: HttpRequest,
  errand: Errand,
): Promise<{ url: URL; cookies: Cookie[] }> {
  const { settings } = await deps.connections.to(provider)
  // Several visits of one browser may run side by side.
  const browserSecret = browserSecretOf(request) ?? deps.ids.secret()
  const state = deps.ids.secret()
  const startedAt = deps.now()
  const { returnTo, again, secondFactor, linkTo } = errand
  await deps.visits.add({
    hash: hash(state),
    browser: hash(browserSecret),
    provider: provider.id,
    returnTo,
    startedAt,
    expiresAt: startedAt + VISIT_LIFETIME,
    again,
    secondFactor,
    ...(linkTo && { linkTo }),
  })
  const { buildAuthorizationUrl } = await loadOpenid()
  const verifier = verifierOf(browserSecret, state)
  const url = buildAuthorizationUrl(settings, {
    response_type: 'code',
    redirect_uri: callbackOf(deps.baseUrl, provider),
    scope: provider.scopes.join(' '),
    state,
    nonce: nonceOf(browserSecret, state),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ui_locales: errand.uiLocales,
    // With it the provider says when the person proved who they are, and a sign-in is no older than a session may be.
    max_age: String(again ? 0 : SESSION_LIFETIME / SECOND),
    ...(again && { prompt: 'login' }),
    ...(errand.loginHint !== undefined && { login_hint: errand.loginHint.slice(0, LONGEST_HINT) }),
    ...(provider.acrValues.length > 0 && { acr_values: provider.acrValues.join(' ') }),
  })
  return { url, cookies: [browserCookie(browserSecret)] }
}
