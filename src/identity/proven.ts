import type { Account, ProviderSession } from './account.ts'

/** A person who has proved who they are, by one factor or more. */
export interface Proven {
  readonly account: Account
  /** By the names of RFC 8176: `pwd`, `otp`, `pop`, `mfa`; besides `fed` (an identity provider's word) and `ehr` (an EHR's word). */
  readonly methods: readonly string[]
  /** A page of this server, see {@link parseReturnTo}. */
  readonly returnTo: string
  /** Where they proved it, when that was elsewhere. */
  readonly provider?: ProviderSession | undefined
}
