import type { Account, ProviderSession, Role } from '../account.ts'

/** A person as a provider knows one, and the account here that this is. */
export interface Identity {
  readonly issuer: string
  /** The value of the account claim; means something together with the issuer only. */
  readonly subject: string
  readonly accountId: string
  /** Whether the account was made for this identity, so that its name, roles and records follow the provider's claims. */
  readonly manages: boolean
  /** How the person recognises it, such as their address there. */
  readonly label: string
  /** Milliseconds since 1970. */
  readonly linkedAt: number
}

/** What a sign-in at a provider said, in our words. */
export interface Person {
  readonly issuer: string
  readonly subject: string
  readonly label: string
  readonly username?: string
  readonly name?: string
  /** Those that the provider may confer and its claims do; none means that the person may not come. */
  readonly roles: readonly Role[]
  readonly careTeamOnly: boolean
  /** The record that a claim names outright. */
  readonly fhirUser?: string
  readonly practitioner?: RecordIdentifier
  readonly demographics?: Demographics
  /** What a session begun by this sign-in remembers. */
  readonly proof: Proof
}

/** How and when somebody proved who they are. */
export interface Proof {
  /** In the words of RFC 8176. */
  readonly methods: readonly string[]
  readonly provider: ProviderSession
}

export interface RecordIdentifier {
  readonly system: string
  readonly value: string
}

/** What a provider has verified of a patient; all of it, or nothing. */
export interface Demographics {
  readonly given: string
  readonly family: string
  /** `YYYY-MM-DD` */
  readonly birthDate: string
  readonly identifier: RecordIdentifier
}

/** What of an account follows the claims of a provider. */
export type ManagedMembers = Pick<Account, 'name' | 'roles' | 'fhirUser' | 'records' | 'careTeamOnly'>
