import type { LaunchContext } from '../smart/context.ts'

/**
 * What one app was allowed, once: by a user, or, where it acts for itself, by its registration (BKND-10). Everything
 * that is issued for it hangs on this record and dies with it.
 */
export interface GrantRecord {
  readonly id: string
  readonly clientId: string
  /** Absent where no user stands behind it. */
  readonly userId?: string
  readonly fhirUser?: string
  /** The scopes granted, as they are told to the app. */
  readonly scope: string
  /** What the app gets to know of the launch; already limited to what the scopes ask for. */
  readonly context: LaunchContext
  /** How it began; on a grant of an older version, nothing. */
  readonly launch?: LaunchKind
  readonly createdAt: number
}

/** Whether the EHR started the app, or the app itself came. */
export type LaunchKind = 'ehr' | 'standalone'

/** What a user allowed. */
export interface UserGrant extends GrantRecord {
  readonly userId: string
  /** What the user was called when they allowed it. */
  readonly userName: string
  /** The language they had chosen then, if any. */
  readonly userLocale?: string
  readonly sessionId: string
  /** When the user signed in, in milliseconds since 1970; absent when that is not known. */
  readonly authenticatedAt?: number
  /** How the user signed in, in the values of `amr`. */
  readonly methods?: readonly string[]
  /** What that comes to for the app that asked. */
  readonly acr?: string
}

/** What a code stands for: the grant it will become, and what its redemption has to prove (RFC-05, CODE-06). */
export interface CodeRecord {
  readonly hash: string
  readonly redirectUri: string
  /** Without it, only an old app's code, and only without a verifier. */
  readonly challenge?: string
  /** The thumbprint of the key that it has to come with. */
  readonly jkt?: string
  readonly nonce?: string
  readonly expiresAt: number
  readonly grant: UserGrant
}

/** A refresh token as the store keeps it. */
export interface RefreshRecord {
  readonly hash: string
  readonly grantId: string
  readonly issuedAt: number
  /** Of a public app that uses DPoP: the thumbprint of the key that it has to come with. @see RFC 9449 §5 */
  readonly jkt?: string
}

/** What an access token says, whether it says so itself or the store does. @see RFC 9068 §2.2 */
export interface AccessClaims {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly client_id: string
  /** Seconds since 1970, as is `exp`. */
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly scope: string
  /** The grant it hangs on. */
  readonly grant: string
  /** Of a token that was exchanged for another one: that one's `jti`; it dies with it. */
  readonly origin?: string
  /** Of a token that is bound to a key: its thumbprint. @see RFC 9449 §6.1 */
  readonly cnf?: { readonly jkt: string }
  /** On a token that an app has for itself. */
  readonly gty?: string
  readonly patient?: string
  readonly encounter?: string
  /** Where the scope lets the app know it. */
  readonly fhirUser?: string
}

/** An opaque access token as the store keeps it. */
export interface AccessRecord {
  readonly hash: string
  readonly claims: AccessClaims
}
