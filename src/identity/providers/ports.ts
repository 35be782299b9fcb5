/** What signing in at providers needs from others; `server` passes it in. */
import type { AuditEvent } from '../../audit/event.ts'
import type { Account, AsProven } from '../account.ts'
import type { Removal } from '../credential-ports.ts'
import type { Wanted } from '../second-factor/factors.ts'
import type { Demographics, Identity, ManagedMembers, Person, RecordIdentifier } from './identity.ts'

/** A sign-in that has gone to a provider; its secrets stay in the browser's cookie. */
export interface Visit {
  /** SHA-256 of its state. */
  readonly hash: string
  /** SHA-256 of the secret of the browser that went. */
  readonly browser: string
  readonly provider: string
  readonly returnTo: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly expiresAt: number
  /** Whether the person must prove anew who they are. */
  readonly again: boolean
  /** Whether a second factor is wanted, whatever the account's own setting. */
  readonly secondFactor: Wanted
  /** The signed-in account that is to be linked; without it the visit is a sign-in. */
  readonly linkTo?: { readonly accountId: string; readonly sessionId: string }
}

/** Somebody who came back from a provider and has no account yet. */
export interface Newcomer {
  /** SHA-256 of the secret of the browser. */
  readonly hash: string
  readonly provider: string
  readonly person: Person
  readonly returnTo: string
  readonly secondFactor: Wanted
  readonly expiresAt: number
}

/** Visits and newcomers, until they are over. */
export interface VisitStore {
  add(visit: Visit): Promise<void>
  /** Gives a visit of this browser once: of two that ask at once, one gets nothing. */
  take(hash: string, browser: string, now: number): Promise<Visit | undefined>
  keepNewcomer(newcomer: Newcomer): Promise<void>
  findNewcomer(hash: string, now: number): Promise<Newcomer | undefined>
  sweep(now: number): Promise<void>
}

/** Why an account was not opened or linked; nothing was changed then. */
export type Obstacle =
  /** Of that identity there is an account. */
  | 'identity-taken'
  /** The account has another identity of this provider. */
  | 'account-taken'
  /** What the person proved has been ended meanwhile, or the account is no more. */
  | 'overtaken'
  | 'record-taken'
  | 'username-taken'
  /** The activation code is used, over or withdrawn. */
  | 'invitation-over'

/** Identities and the accounts they open; every method is one transaction, the record of it included. */
export interface IdentityStore {
  find(issuer: string, subject: string): Promise<Identity | undefined>
  /** By issuer. */
  listOf(accountId: string): Promise<Identity[]>
  /** Opens an account for an identity; `invitation` is used up by it. */
  open(
    account: Account,
    identity: Identity,
    told: AuditEvent,
    now: number,
    invitation?: string,
  ): Promise<Obstacle | undefined>
  /** Links an identity to the account of whoever has proved who they are. */
  link(
    identity: Identity,
    proven: Pick<AsProven, 'epoch'>,
    told: AuditEvent,
    now: number,
  ): Promise<Obstacle | undefined>
  /**
   * Ends the sessions that began with that identity, too. Of two at once, one may find that its way in is the last;
   * `issuers` are those of the providers at which the person can sign in.
   */
  unlink(
    accountId: string,
    issuer: string,
    issuers: readonly string[],
    told: AuditEvent,
    now: number,
  ): Promise<Removal>
  /** Gives a managed account what the claims say now; a disabled one stays so. An obstacle when a record is another's. */
  follow(
    accountId: string,
    members: ManagedMembers,
    told: AuditEvent,
    now: number,
  ): Promise<Obstacle | undefined>
}

/** An activation code, given to a patient by whoever knows them. */
export interface Invitation {
  /** SHA-256 of the code. */
  readonly hash: string
  /** The id of the Patient. */
  readonly patient: string
  /** Milliseconds since 1970. */
  readonly madeAt: number
  readonly expiresAt: number
}

export interface InvitationStore {
  /** Adds a code, and ends those of its patient that are still open. */
  add(invitation: Invitation, told: AuditEvent): Promise<void>
  /** Those that can still be used, the newest first. */
  list(now: number): Promise<Invitation[]>
  /** One that can still be used. */
  find(hash: string, now: number): Promise<Invitation | undefined>
  /** Counts a wrong answer against it; after a few it is over. */
  fail(hash: string): Promise<void>
  /** Ends those of a patient that are still open; false, with nothing on record, when there is none. */
  withdraw(patient: string, told: AuditEvent, now: number): Promise<boolean>
  sweep(now: number): Promise<void>
}

/** Sessions that began at a provider. */
export interface ProviderSessions {
  /**
   * Ends those that a logout token speaks of, and sign-ins that are on their way to one, once: nothing when it came before,
   * else the number that ended. `told` makes the record of each.
   */
  end(order: LogoutOrder, told: (accountId: string) => AuditEvent, now: number): Promise<number | undefined>
}

/** What a logout token orders. */
export interface LogoutOrder {
  readonly issuer: string
  readonly subject?: string
  readonly sid?: string
  readonly jti: string
  /** Until when it has to be remembered: while the token could come again, or a sign-in of before could come to its end. */
  readonly expiresAt: number
}

/** What identity asks the records about people who are new here. */
export interface RecordLookup {
  /** Whether the record is there and in use. */
  exists(reference: string): Promise<boolean>
  /** References to the practitioners in use with this identifier; more than one is too many. */
  practitioners(identifier: RecordIdentifier): Promise<readonly string[]>
  /** Ids of the patients in use whom all of this fits. */
  patients(demographics: Demographics): Promise<readonly string[]>
  /** `YYYY-MM-DD` as far as it is known; nothing when the patient is not there. */
  patient(id: string): Promise<{ readonly name?: string; readonly birthDate?: string } | undefined>
}

/** The audit trail. */
export interface Trail {
  /** Resolves when the event is durable; what it tells of does not happen when it rejects. */
  record(event: AuditEvent): Promise<void>
}
