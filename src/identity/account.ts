import type { Locale } from '../ui/locale.ts'

/** What a person is here; one may be several. */
export type Role = 'clinician' | 'patient' | 'admin'

/** A person who can sign in. */
export interface Account {
  /** The subject of tokens; never reused. */
  readonly id: string
  /** Lower case, unique. */
  readonly username: string
  readonly name: string
  readonly roles: readonly Role[]
  /** Who apps are told this is: `Practitioner/…`, `Patient/…` or `RelatedPerson/…`. */
  readonly fhirUser?: string
  /** Every FHIR record that is this person, such as `Patient/diego` and `RelatedPerson/diego-for-mateo`. */
  readonly records: readonly string[]
  /** Absent for a person who signs in elsewhere. */
  readonly passwordHash?: string
  readonly disabled: boolean
  /** The language the person chose. */
  readonly locale?: Locale
  /** A clinician who sees only the patients in their care. */
  readonly careTeamOnly?: boolean
  /** Theirs for certain: an administrator says so, or a link that was sent there was opened. In lower case. */
  readonly email?: string
  /**
   * How often all that was opened with what the person proved before has been ended, by another password or by disabling:
   * what was proved before that opens nothing any more. Default 0.
   */
  readonly epoch?: number
}

/** An account as it was when its person proved who they are. */
export type AsProven = Pick<Account, 'id' | 'epoch'>

/** Which FHIR records a person is, and as which of them apps know the person. */
export type Links = Pick<Account, 'records' | 'fhirUser'>

/** A session at rest: found by the hash of what the browser holds. */
export interface StoredSession {
  /** Names the session everywhere else; it stays when the browser is given another secret. */
  readonly id: string
  /** SHA-256 of the cookie's value, base64url. */
  readonly secretHash: string
  readonly accountId: string
  /** When the person last proved who they are: milliseconds since 1970. */
  readonly signedInAt: number
  readonly usedAt: number
  /** How they proved it, by the names of RFC 8176: `pwd`, `otp`, `pop` (a passkey), `mfa` (two factors), and the like. */
  readonly methods: readonly string[]
  /** The browser as it names itself. */
  readonly agent?: string
  /** Where they were when they proved it. */
  readonly address?: string
  /** The sign-in at an identity provider that it began with. */
  readonly provider?: ProviderSession
  /** Of one that began on the word of an EHR: when the person signed in there, if it said so. Milliseconds since 1970. */
  readonly toldAt?: number
}

/** A sign-in at an identity provider, by which the provider can end the session that it began. */
export interface ProviderSession {
  readonly issuer: string
  /** The `sub` of its ID token. */
  readonly subject: string
  /** The `sid` of its ID token. */
  readonly sid?: string
  /** When the person proved there who they are: milliseconds since 1970. */
  readonly authenticatedAt: number
  /**
   * When the person was sent there. What the provider has ordered to end since, it ends before there is a session, too;
   * afterwards nobody asks, and it is not kept.
   */
  readonly sentAt?: number
}

/** Which kind of user an account is to pages that serve one kind; a clinician who is also a patient is a clinician. */
export function kindOf(account: Account): 'clinician' | 'patient' | 'other' {
  if (account.roles.includes('clinician')) return 'clinician'
  return account.roles.includes('patient') ? 'patient' : 'other'
}

/** A user name as it is kept and looked up. */
export function normalUsername(typed: string): string {
  return typed.normalize('NFKC').trim().toLowerCase()
}
