/** What identity needs from others; `server.ts` passes it in. */
import type { Account, StoredSession } from './account.ts'

/** The people who can sign in. */
export interface AccountStore {
  find(id: string): Promise<Account | undefined>
  findByUsername(username: string): Promise<Account | undefined>
  /** The account that is this FHIR record (`Practitioner/…`), by `fhirUser` or `records`. */
  findByRecord(reference: string): Promise<Account | undefined>
  /** By user name. */
  list(): Promise<Account[]>
  /** False, changing nothing, when the id or the user name is taken. */
  add(account: Account): Promise<boolean>
  /** Replaces the account of that id; false when there is none, or its new user name is taken. */
  replace(account: Account): Promise<boolean>
}

/** Running sessions. */
export interface SessionStore {
  add(session: StoredSession): Promise<void>
  find(id: string): Promise<StoredSession | undefined>
  /** Notes a use; a session that is gone stays gone. */
  touch(id: string, usedAt: number): Promise<void>
  remove(id: string): Promise<void>
  removeOf(accountId: string): Promise<void>
  /** Forgets sessions that began before `signedInBefore` or were last used before `usedBefore`. */
  sweep(signedInBefore: number, usedBefore: number): Promise<void>
}

/** Who may act for whom, as the records say; ids are bare. */
export interface Relations {
  /** The patients of the care teams that this Practitioner is on. */
  patientsInCareOf(practitioner: string): Promise<string[]>
  /** The patient whom this RelatedPerson may act for, while it is active; `until` is the last FHIR date that counts. */
  recordOf(relatedPerson: string): Promise<{ patient: string; until?: string } | undefined>
}

/** Where signing in may lead to. */
export interface Destinations {
  /**
   * The origins or schemes that the page at `returnTo` may redirect to, such as those of a waiting authorization's
   * redirect URI: browsers check them against the sign-in form's policy.
   */
  formTargets(returnTo: string): Promise<string[]>
}

/** What happened at the door, for the audit trail. */
export interface IdentityEvent {
  readonly action: 'signed-in' | 'sign-in-failed' | 'signed-out'
  readonly requestId: string
  readonly address: string
  readonly accountId?: string
  readonly fhirUser?: string
  /** What was typed as user name, when no account belongs to it. */
  readonly name?: string
  /** Private: for the log and the auditor. */
  readonly detail?: 'unknown-user' | 'wrong-password' | 'disabled' | 'throttled'
}

export interface Audit {
  /** An event that cannot be written rejects, and what it tells of does not happen. */
  record(event: IdentityEvent): void | Promise<void>
}
