/** How an app proves at the token endpoint that it is itself; `none` is a public app. The one registered is the only one accepted. */
export type AuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt'

/** The grant types an app can be registered for. */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials' | typeof tokenExchange

/** RFC 8693 §2.1 */
export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** One secret of an app, as it is kept. While a secret is rotated an app has two. */
export interface ClientSecret {
  /** The SHA-256 of the secret. */
  readonly hash: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** From when on it is refused, in milliseconds since 1970; absent of the current one. */
  readonly endsAt?: number
}

/** A public key as a JWK (RFC 7517), its members as they came. */
export type PublicJwk = Readonly<Record<string, unknown>>

/** A JWK Set of public keys. */
export interface KeySet {
  readonly keys: readonly PublicJwk[]
}

/** A registered app (REG-01 to REG-07), with the metadata names of RFC 7591 in camel case. */
export interface Client {
  readonly id: string
  readonly name: string
  readonly authMethod: AuthMethod
  /** Of an app that authenticates by a secret: the newest first. */
  readonly secrets?: readonly ClientSecret[]
  /** The app's public keys, where it supplied them directly (CAUTH-07); else {@link jwksUri}. */
  readonly jwks?: KeySet
  /** Where the app publishes its public keys (CAUTH-07, CAUTH-09). */
  readonly jwksUri?: string
  /** The only algorithm of the app's assertions, where it registered one. */
  readonly assertionAlg?: string
  /** Complete URIs, compared as strings; at least one where the app uses the authorization code flow. */
  readonly redirectUris: readonly string[]
  /** The launch address (`initiate_login_uri`). */
  readonly launchUri?: string
  readonly grantTypes: readonly GrantType[]
  /** The most the app may ever be granted. */
  readonly scope: string
  readonly logoUri?: string
  readonly clientUri?: string
  readonly policyUri?: string
  readonly tosUri?: string
  readonly contacts?: readonly string[]
  readonly softwareId?: string
  readonly softwareVersion?: string
  /** What its access tokens are: signed texts that say everything, or names of what only this server knows. Default: the first, as long as headers take them. */
  readonly accessTokenFormat?: 'jwt' | 'opaque'
  /** How the answer of the UserInfo endpoint is signed for it; JSON when absent. @see OIDC Core §5.3.2 */
  readonly userinfoSignedResponseAlg?: 'RS256'
  /** A protected resource: an administrator allowed it to introspect every app's access tokens (INTR-13). */
  readonly resourceServer?: boolean
  /** The organisation's own app: an EHR launch of it asks for no consent. */
  readonly preApproved?: boolean
  /** The app's authorization requests count only if they were pushed. @see RFC 9126 §6 */
  readonly requiresPushedRequests?: boolean
  /** The app's authorization requests count only in signed request objects. @see RFC 9101 §10.5 */
  readonly requiresSignedRequests?: boolean
  /** The only algorithm of the app's request objects, where it registered one. */
  readonly requestObjectAlg?: string
  /** Where its request objects may be fetched from, compared as strings. @see OIDC Core §6.2 */
  readonly requestUris?: readonly string[]
  /** An administrator knows it as an app of SMART 1.0: if it can keep a secret, it may come without PKCE. Never by registration of its own. */
  readonly smart1?: boolean
  /** Where a logout that the app asked for may lead, compared as strings. @see RP-Initiated Logout 1.0 §3.1 */
  readonly postLogoutRedirectUris?: readonly string[]
  /** Where it is told that a session is over. @see Back-Channel Logout 1.0 §2.2 */
  readonly backchannelLogoutUri?: string
  /** Its access tokens are always bound to a key: it has to send a DPoP proof. @see RFC 9449 §5.2 */
  readonly dpopBoundTokens?: boolean
  /** A disabled app gets nothing, and what it holds stops working. */
  readonly disabled?: boolean
  /** Why it is disabled: no administrator has looked at it yet, or one has refused it. */
  readonly approval?: 'waiting' | 'refused'
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Whether the app can keep a secret, and so has to authenticate (TOK-08). */
export function isConfidential(client: Client): boolean {
  return client.authMethod !== 'none'
}

/** Whether it may ask about every app's tokens: an administrator said so, and it proves that it is the one (INTR-11 to INTR-13). */
export function isResourceServer(client: Client): boolean {
  return client.resourceServer === true && isConfidential(client)
}

/** The app without what only one that authenticates can be trusted with, if it does not. */
export function withProvenTrust(client: Client): Client {
  if (isConfidential(client)) return client
  const { smart1: _, resourceServer: __, ...rest } = client
  return rest
}

/** Whether the app's codes may do without PKCE: an old one, named so by an administrator, that authenticates (D.2, AMB-57). */
export function mayOmitPkce(client: Client): boolean {
  return client.smart1 === true && isConfidential(client)
}
