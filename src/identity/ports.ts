/** What identity needs from others; `server.ts` passes it in. */
import type { AuditEvent } from '../audit/event.ts'
import type { CareRule } from '../smart/policy.ts'
import type { Account, AsProven, Links, StoredSession } from './account.ts'
import type { ConsentGroup } from './consent/consent-rule.ts'

/** The people who can sign in. */
export interface AccountStore {
  find(id: string): Promise<Account | undefined>
  /** Whether there is such an account and it is not disabled. */
  isActive(id: string): Promise<boolean>
  findByUsername(username: string): Promise<Account | undefined>
  /** The account that is this FHIR record (`Practitioner/…`), by `fhirUser` or `records`. */
  findByRecord(reference: string): Promise<Account | undefined>
  /** By user name. */
  list(): Promise<Account[]>
  /** False, changing nothing, when the id or the user name is taken. */
  add(account: Account): Promise<boolean>
}

/**
 * What an administrator does to accounts. Each is one transaction with its record in the trail, and touches nothing but
 * what it is about: what somebody else changes at the same time stays. Nothing when there is no such account.
 */
export interface AccountChanges {
  /** False, changing nothing, when the id or the user name is taken. */
  add(account: Account, told: AuditEvent, now: number): Promise<boolean>
  /** Gives an account the links that `decide` makes of what it has; `decide` may be called again. */
  relink(
    id: string,
    decide: (before: Links) => Links,
    told: (links: Links) => AuditEvent,
    now: number,
  ): Promise<Account | undefined>
  /** Disabling ends the sessions of the account, and whatever else was on its way to one. */
  setDisabled(id: string, disabled: boolean, told: AuditEvent, now: number): Promise<Account | undefined>
  /** Another password ends the same. */
  setPassword(id: string, passwordHash: string, told: AuditEvent, now: number): Promise<Account | undefined>
  /** Without passkeys, one-time codes and recovery codes; that ends the same. */
  removeSecondFactors(id: string, told: AuditEvent, now: number): Promise<Account | undefined>
}

/** Running sessions. */
/** What of a session says whether it is over, in milliseconds since 1970. */
export type SessionTimes = Pick<StoredSession, 'signedInAt' | 'usedAt'>

export interface SessionStore {
  /**
   * Adds a session of an account whose person proved who they are when it was as it is in `proven`. False, adding nothing,
   * when the account is disabled or what was proved has been ended since, here or by the provider where it was, or when the
   * session began with an identity that is the account's no longer.
   */
  add(session: StoredSession, proven: AsProven): Promise<boolean>
  find(id: string): Promise<StoredSession | undefined>
  /** When a session began and was last used; nothing when it is gone or its account is disabled. */
  timesOf(id: string): Promise<SessionTimes | undefined>
  findBySecret(secretHash: string): Promise<StoredSession | undefined>
  /** An account's sessions, the last used first. */
  listOf(accountId: string): Promise<StoredSession[]>
  /** Replaces the session of that id if its secret still is the one behind `secretHash`, and it could be added; else changes nothing and says false. */
  renew(secretHash: string, session: StoredSession, proven: AsProven): Promise<boolean>
  /** Notes a use; a session that is gone stays gone. */
  touch(id: string, usedAt: number): Promise<void>
  remove(id: string): Promise<void>
  /** Ends an account's sessions, but for one that is kept. */
  removeOf(accountId: string, exceptId?: string): Promise<void>
  /** Forgets sessions that began before `signedInBefore` or were last used before `usedBefore`. */
  sweep(signedInBefore: number, usedBefore: number): Promise<void>
}

/** The patient whom a RelatedPerson acts for, and what decides for how long; dates are FHIR dates. */
export interface Acting {
  readonly patient: string
  readonly since?: string
  /** The last date that counts. */
  readonly until?: string
  /** Codes of how the person is related to the patient, such as `MTH`. */
  readonly relationships: readonly string[]
  readonly birthDate?: string
}

/** Who may act for whom, as the records say; ids of patients are bare. */
export interface Relations {
  /** The patients in the care of a clinician, who is `references` (`Practitioner/1`, `PractitionerRole/2`), by these rules. */
  patientsInCareOf(references: readonly string[], rule: CareRule): Promise<readonly string[]>
  /** The patient whom this RelatedPerson may act for; nothing when it is not active. */
  recordOf(relatedPerson: string): Promise<Acting | undefined>
  /** The codes (`system|code`) of the posts that a clinician holds. */
  postsOf(references: readonly string[]): Promise<readonly string[]>
}

/** Patients' Consent resources that are active, as they are now or were a second ago at most. */
export interface Consents {
  active(): Promise<readonly ConsentGroup[]>
}

/** Patients for whom a clinician has broken the glass. */
export interface EmergencyAccess {
  /** The ids of the patients for whom this account's exception has not ended. */
  openFor(accountId: string, now: number): Promise<readonly string[]>
}

/** Where signing in may lead to. */
export interface Destinations {
  /**
   * The origins or schemes that the page at `returnTo` may redirect to, such as those of a waiting authorization's
   * redirect URI: browsers check them against the sign-in form's policy.
   */
  formTargets(returnTo: string): Promise<string[]>
}

/** What can change about how a person signs in. */
export type AccountChange =
  | 'password-changed'
  | 'password-reset'
  | 'second-factor-added'
  | 'second-factor-removed'
  | 'recovery-codes-made'
  | 'recovery-code-used'
  | 'passkey-added'
  | 'passkey-removed'
  | 'email-changed'
  | 'identity-linked'
  | 'identity-unlinked'
  | 'session-ended'

/** What happened at the door, for the audit trail. */
export interface IdentityEvent {
  readonly action: 'signed-in' | 'sign-in-failed' | 'signed-out' | 'account-changed' | 'reset-asked'
  readonly requestId: string
  readonly address: string
  readonly accountId?: string
  readonly fhirUser?: string
  /** What was typed as user name, when no account belongs to it. */
  readonly name?: string
  /** How the person proved, or tried to prove, who they are. */
  readonly methods?: readonly string[]
  /** Of `account-changed`. */
  readonly change?: AccountChange
  /** Private: for the log and the auditor. */
  readonly detail?:
    | 'unknown-user'
    | 'wrong-password'
    | 'wrong-code'
    | 'wrong-passkey'
    | 'disabled'
    | 'throttled'
    /** What was proved was ended before the session began. */
    | 'overtaken'
}

export interface Audit {
  /** An event that cannot be written rejects, and what it tells of does not happen. */
  record(event: IdentityEvent): void | Promise<void>
}
