import type { KeyObject } from 'node:crypto'
import type { Locale } from '../../ui/locale.ts'
import type { Role } from '../account.ts'

/** An identifier in a claim, and the FHIR system that its value is of. */
export interface IdentifierClaim {
  readonly claim: string
  readonly system: string
}

/** Which claim says what of a person. */
export interface ClaimNames {
  /** Tells people apart for ever; the only one by which an account is found again. */
  readonly account: string
  readonly username: string
  readonly name: string
  readonly email: string
  readonly role?: string
  /** A reference to the person's own record, such as `Practitioner/123`. */
  readonly fhirUser?: string
  readonly practitioner?: IdentifierClaim
}

/** How a patient is found by what a provider has verified. */
export interface PatientMatch {
  readonly given: string
  readonly family: string
  readonly birthDate: string
  readonly identifier: IdentifierClaim
  /** What says that these claims are verified: a value of another claim, or OpenID Connect for Identity Assurance. */
  readonly verified:
    | { readonly claim: string; readonly values: readonly string[] }
    | { readonly trustFrameworks: readonly string[] }
}

/** An organisation at which people may sign in instead of here. */
export interface Provider {
  /** Part of its addresses here. */
  readonly id: string
  readonly name: Readonly<Record<Locale, string>>
  /** As its tokens name it. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret?: string
  readonly clientSecretBy: 'basic' | 'post'
  readonly privateKey?: KeyObject
  readonly privateKeyId?: string
  readonly scopes: readonly string[]
  /** The roles that it may confer. */
  readonly roles: readonly Role[]
  /** Which value of the role claim confers which role; without a role claim everybody has the one role. */
  readonly roleValues: Readonly<Record<string, Role>>
  /** Values of the role claim that make a clinician one who sees only the patients in their care. */
  readonly careTeamOnly: readonly string[]
  /** What becomes of somebody who was never here: found among the records, let in by an activation code, or refused. */
  readonly firstSignIn: 'match' | 'invitation' | 'refuse'
  readonly claims: ClaimNames
  readonly patientMatch?: PatientMatch
  /** What a value of its `acr` or `amr` says in the words of RFC 8176; other values say nothing. */
  readonly methods: Readonly<Record<string, readonly string[]>>
  /** Asked of it at every sign-in. */
  readonly acrValues: readonly string[]
  /** Whether to offer signing out there after signing out here. */
  readonly signOutThere: boolean
}
