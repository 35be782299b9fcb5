/** What proves who a person is, at rest: attempts, second factors, passkeys, and what works once. All nodes share it. */
import type { AuditEvent } from '../audit/event.ts'
import type { AsProven } from './account.ts'

/** Attempts that count against one budget. */
export interface Attempts {
  readonly count: number
  /** The last one: milliseconds since 1970. */
  readonly last: number
}

/** Attempts to sign in, by the hash of what they count against. */
export interface AttemptStore {
  /**
   * Reads the attempts of all keys and writes what `decide` makes of them, in one transaction. A key without attempts is
   * left out of what is given, and forgotten when left out of what comes back; `undefined` leaves everything as it is.
   */
  change(
    keys: readonly string[],
    decide: (before: ReadonlyMap<string, Attempts>) => ReadonlyMap<string, Attempts> | undefined,
  ): Promise<void>
  /** Forgets those whose last is before `before`. */
  sweep(before: number): Promise<void>
}

/** What something that works once is for. */
export type TicketPurpose = 'second-step' | 'passkey' | 'reset' | 'address'

/** Something that works once and not for long: a step of signing in, a challenge, a link that was mailed. */
export interface Ticket {
  readonly purpose: TicketPurpose
  /** SHA-256 of what its holder has, base64url. */
  readonly hash: string
  readonly accountId?: string
  /** JSON. */
  readonly data: string
  readonly expiresAt: number
}

export interface TicketStore {
  add(ticket: Ticket): Promise<void>
  find(purpose: TicketPurpose, hash: string, now: number): Promise<Ticket | undefined>
  /** The ticket, to one taker only. */
  take(purpose: TicketPurpose, hash: string, now: number): Promise<Ticket | undefined>
  /** Adds a ticket and forgets those of its purpose that its account had. */
  replace(ticket: Ticket & { readonly accountId: string }): Promise<void>
  /** Forgets those that expired before `now`. */
  sweep(now: number): Promise<void>
}

/** What has to be left to a person from whom one way to prove who they are is taken. */
export interface Needed {
  /** Issuers of the providers at which the person can sign in: an identity of another one is no way in. */
  readonly issuers: readonly string[]
  /** Whether a second factor has to be left. */
  readonly secondFactor: boolean
}

/**
 * What became of taking a way away. Where it was the last way to sign in, or the last second factor of somebody who needs
 * one, nothing was changed, and nothing is on record.
 */
export type Removal = 'removed' | 'absent' | 'last-way' | 'last-factor'

/** The secret of an account's one-time codes. */
export interface OneTimeCodes {
  /** Encrypted. */
  readonly sealed: string
  /** The last 30-second step of which a code was taken: no code of it or an earlier one works again. */
  readonly lastStep: number
}

/** Passwords, one-time codes and recovery codes of accounts. Every method is one transaction. */
export interface CredentialStore {
  /**
   * Gives an account another password, ends its sessions but for `keepSession`, and what else stands between: links that
   * were mailed, sign-ins that wait for a second factor or are on their way. Gives what the session that is kept goes on
   * with; nothing, having changed nothing, where what the person proved has been ended meanwhile.
   */
  changePassword(account: AsProven, passwordHash: string, keepSession: string): Promise<AsProven | undefined>
  /** The same by a link that was mailed, with no session kept; false when its ticket is not there to be taken. */
  resetPassword(
    accountId: string,
    passwordHash: string,
    ticket: { readonly hash: string; readonly now: number },
  ): Promise<boolean>
  /** Puts another hash of the same password in the place of `from`, if that still is there. */
  rehash(accountId: string, from: string, to: string): Promise<void>
  setLocale(accountId: string, locale: string): Promise<void>
  /**
   * Sets the address for letters, with the record of it; false, changing nothing, where what the person proved has been ended
   * meanwhile: a new password can be asked for there.
   */
  setEmail(account: AsProven, email: string | undefined, told: AuditEvent, now: number): Promise<boolean>
  /** The accounts with this address, in lower case. */
  accountsWithEmail(email: string): Promise<string[]>
  oneTimeCodes(accountId: string): Promise<OneTimeCodes | undefined>
  /**
   * Turns one-time codes on, with the hashes of recovery codes; false, changing nothing, where they are on, or where what
   * the person proved has been ended meanwhile: who signed in with a password that was changed adds no way in of their own.
   */
  addOneTimeCodes(account: AsProven, codes: OneTimeCodes, recoveryHashes: readonly string[]): Promise<boolean>
  /** Takes the code of a step: to one taker only, and of no step before or equal to one that was taken. */
  useStep(accountId: string, step: number): Promise<boolean>
  /** Turns one-time codes off, with the record of it; the recovery codes go with them where no passkey is left. */
  removeOneTimeCodes(accountId: string, needed: Needed, told: AuditEvent, now: number): Promise<Removal>
  /** Replaces the recovery codes, with the record of it; false, changing nothing, as with {@link setEmail}. */
  setRecoveryCodes(
    account: AsProven,
    hashes: readonly string[],
    told: AuditEvent,
    now: number,
  ): Promise<boolean>
  /** Takes a recovery code: to one taker only, and never again. */
  useRecoveryCode(accountId: string, hash: string): Promise<boolean>
  /** How many are left. */
  recoveryCodesLeft(accountId: string): Promise<number>
}

/** A passkey: a key pair whose private half is with the person. @see W3C Web Authentication */
export interface Passkey {
  /** The credential's id, base64url. */
  readonly id: string
  readonly accountId: string
  /** What its owner calls it. */
  readonly name: string
  /** COSE, base64url. */
  readonly publicKey: string
  /** How often the authenticator says it was used; 0 from those that do not count. */
  readonly counter: number
  readonly transports: readonly string[]
  readonly createdAt: number
  readonly usedAt?: number
}

export interface PasskeyStore {
  /** False when the id is taken, the account has `most` already, or what its person proved has been ended meanwhile. */
  add(passkey: Passkey, account: AsProven, most: number): Promise<boolean>
  find(id: string): Promise<Passkey | undefined>
  /** The oldest first. */
  listOf(accountId: string): Promise<Passkey[]>
  rename(accountId: string, id: string, name: string): Promise<boolean>
  /**
   * Takes one away, with the record of it: of two at once, one may find that its way is the last. The recovery codes go with it
   * where no second factor is left.
   */
  remove(accountId: string, id: string, needed: Needed, told: AuditEvent, now: number): Promise<Removal>
  /** Notes a use; false when it was used otherwise meanwhile, or is gone. */
  use(
    id: string,
    counter: { readonly before: number; readonly after: number },
    usedAt: number,
  ): Promise<boolean>
}
