// The code becomes tokens at the provider that the visit went to, and at no other. The library checks state, `iss` of
// the response, and the ID token's issuer, audience, times and nonce. OpenID Connect Core 1.0 §3.1.3, RFC 9207 §2.4.
import type * as client from 'openid-client'
import { callbackOf } from './addresses.ts'
import { checkIdToken } from './check-id-token.ts'
import { type Connection, messageOf } from './connect.ts'
import type { ProviderDeps } from './deps.ts'
import { loadOpenid } from './libraries.ts'
import type { Visit } from './ports.ts'
import type { Provider } from './provider.ts'
import { type Claims, claimsWanted } from './read-claims.ts'
import { Refusal } from './refusal.ts'
import { nonceOf, verifierOf } from './secrets.ts'

/** What came back with the browser. */
export interface Answer {
  /** The raw query of the callback. */
  readonly search: string
  readonly state: string
  readonly browserSecret: string
}

/** Failures of the way there and back, and of a provider that cannot work, rather than of an answer that is wrong. */
const DOWN = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
])

/** Gives the claims of the person; `sub` is the ID token's. */
export async function redeem(
  deps: ProviderDeps,
  provider: Provider,
  visit: Visit,
  answer: Answer,
): Promise<Claims & { readonly sub: string }> {
  const connection = await deps.connections.to(provider)
  const nonce = nonceOf(answer.browserSecret, answer.state)
  const tokens = await exchange(deps, provider, answer, nonce, connection)
  const claims = await checkIdToken(tokens, nonce, visit, provider, connection)
  const more = await moreClaims(claims, tokens.accessToken, provider, connection)
  return { ...more, ...claims }
}

async function exchange(
  deps: ProviderDeps,
  provider: Provider,
  { search, state, browserSecret }: Answer,
  nonce: string,
  { settings }: Connection,
) {
  const openid = await loadOpenid()
  try {
    const tokens = await openid.authorizationCodeGrant(
      settings,
      new URL(`${callbackOf(deps.baseUrl, provider)}?${search}`),
      {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifierOf(browserSecret, state),
        idTokenExpected: true,
      },
    )
    return { idToken: tokens.id_token ?? '', accessToken: tokens.access_token }
  } catch (error) {
    // RFC 6749 §5.2: to whom the secret came in the header the refusal is a challenge.
    if (error instanceof openid.WWWAuthenticateChallengeError && error.status === 401)
      throw new Refusal('down', 'the token endpoint refuses our clientId or clientSecret', error)
    throw refusalOf(error, openid)
  }
}

/** The claims we look for that the ID token leaves out; of the same person, or they do not count. OpenID Connect Core 1.0 §5.3.2. */
async function moreClaims(
  claims: Claims & { readonly sub: string },
  accessToken: string,
  provider: Provider,
  { settings }: Connection,
): Promise<Claims> {
  const lacking = claimsWanted(provider).filter((name) => claims[name] === undefined)
  if (lacking.length === 0 || settings.serverMetadata().userinfo_endpoint === undefined) return {}
  const openid = await loadOpenid()
  try {
    const told: Claims = await openid.fetchUserInfo(settings, accessToken, claims.sub)
    return Object.fromEntries(lacking.map((name) => [name, told[name]]))
  } catch (error) {
    throw refusalOf(error, openid)
  }
}

function refusalOf(error: unknown, openid: typeof client): Refusal {
  if (error instanceof openid.AuthorizationResponseError)
    return new Refusal('denied', `${error.error}: ${error.error_description ?? ''}`.slice(0, 300), error)
  if (error instanceof openid.ResponseBodyError) {
    const kind = error.status >= 500 || error.error === 'invalid_client' ? 'down' : 'unverified'
    return new Refusal(kind, `the token endpoint says ${error.error}`.slice(0, 300), error)
  }
  const isDown = error instanceof openid.ClientError ? isOfTheWay(error) : error instanceof TypeError
  return new Refusal(isDown ? 'down' : 'unverified', messageOf(error), error)
}

/** What has no code of the library failed below it: the network, or the end in time or size. */
function isOfTheWay({ code }: client.ClientError): boolean {
  return code === undefined || DOWN.has(code)
}
