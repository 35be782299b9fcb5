import type { JSONWebKeySet } from 'jose'
import type { Allowance } from './approval.ts'

/** Somebody whose word about an app is believed (RFC 7591 §2.3). */
export interface StatementIssuer {
  /** The `iss` of its statements. */
  readonly issuer: string
  readonly jwks?: JSONWebKeySet
  readonly jwksUri?: string
  /** What its word is enough for; without it, its apps wait for an administrator all the same. */
  readonly approves?: Allowance
}

/** How apps come to be registered here. */
export interface RegistrationRules {
  /** What anybody may register and use at once: the sandbox's rule, and nobody else's. */
  readonly open?: Allowance
  /** Whether an app that nobody vouches for is kept for an administrator to look at; else it needs an initial access token. */
  readonly keepsWaiting: boolean
  /** How many may wait at most. */
  readonly mostWaiting: number
  readonly statementIssuers: readonly StatementIssuer[]
}
