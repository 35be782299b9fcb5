/** How an app proves at the token endpoint that it is itself; `none` is a public app. */
export type AuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post'

/** The grant types an app can be registered for. */
export type GrantType = 'authorization_code' | 'refresh_token'

/** A registered app (REG-01 to REG-07), with the metadata names of RFC 7591 in camel case. */
export interface Client {
  readonly id: string
  readonly name: string
  readonly authMethod: AuthMethod
  /** Of a confidential app: the SHA-256 of its secret. */
  readonly secretHash?: string
  /** Complete URIs, compared as strings; at least one. */
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
  /** The organisation's own app: an EHR launch of it asks for no consent. */
  readonly preApproved?: boolean
  /** The app's authorization requests count only if they were pushed. @see RFC 9126 §6 */
  readonly requiresPushedRequests?: boolean
  /** A disabled app gets nothing, and what it holds stops working. */
  readonly disabled?: boolean
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

/** Whether the app can keep a secret, and so has to authenticate (TOK-08). */
export function isConfidential(client: Client): boolean {
  return client.authMethod !== 'none'
}
