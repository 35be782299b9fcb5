/** What registration keeps beside the apps themselves. */
import type { AuditEvent } from '../../audit/event.ts'
import type { Client } from '../client.ts'

/** How an app came to be here. */
export type Origin = 'open' | 'initial-token' | 'statement' | 'administrator' | 'document'

/** What is known of a registration and is no business of a token request. */
export interface Registration {
  readonly origin: Origin
  /** SHA-256 of the registration access token; without one the app cannot manage itself. */
  readonly tokenHash?: string
  /** The id of the initial access token it came with. */
  readonly initialToken?: string
  /** The software statement it came with, as it was sent: its claims outweigh what the app says (RFC 7591 §2.3). */
  readonly statement?: string
  /** Why an administrator has to look at it; told to the administrator and to the app. */
  readonly waitsFor?: readonly WaitReason[]
  /** Of a metadata document: when it was fetched, and until when it is believed; milliseconds since 1970. */
  readonly document?: { readonly fetchedAt: number; readonly freshUntil: number }
}

/** `approval`: nobody vouches for it; `scope`: asks for more than was vouched for; `backend`: acts for itself; `house`: would act on this server; `changed`: is not what was approved any more. */
export type WaitReason = 'approval' | 'scope' | 'backend' | 'house' | 'changed'

/** An app with its registration; one that was registered before registrations were kept has an administrator's. */
export interface RegisteredApp {
  readonly client: Client
  readonly registration: Registration
}

/** A token with which apps may be registered that no administrator looks at (RFC 7591 §3). */
export interface InitialToken {
  readonly id: string
  /** What the administrator calls it. */
  readonly name: string
  /** SHA-256 of the token. */
  readonly hash: string
  /** The account or app that issued it; nothing for the command line. */
  readonly issuedBy?: string
  readonly createdAt: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly usesLeft: number
  /** The most that an app may ask for without waiting for an administrator. */
  readonly scope: string
  /** Whether that may be backend services. */
  readonly backend: boolean
  readonly revokedAt?: number
}

/** A change to an app: what it is from now on, or `remove`. */
export type AppChange =
  | { readonly app: RegisteredApp; readonly told: AuditEvent }
  | { readonly remove: true; readonly told: AuditEvent }

/** One that waits for an administrator is added while fewer than so many wait; without a number, always. */
export interface Room {
  readonly mostWaiting?: number | undefined
}

/** Registered apps with their registrations. Every change is one transaction, put on record in the same one. */
export interface RegistrationStore {
  find(id: string): Promise<RegisteredApp | undefined>
  list(): Promise<RegisteredApp[]>
  /** Adds an app, and uses an initial token up once; adds nothing where it says so. */
  add(
    app: RegisteredApp,
    told: AuditEvent,
    now: number,
    terms?: { readonly initialToken?: string | undefined } & Room,
  ): Promise<'added' | 'token-over' | 'full'>
  /** Adds an app unless there is one of its id, or no room. */
  addIfAbsent(
    app: RegisteredApp,
    told: AuditEvent,
    now: number,
    room: Room,
  ): Promise<'added' | 'known' | 'full'>
  /** Notes that a document says what it said. */
  keepFresh(id: string, document: NonNullable<Registration['document']>): Promise<void>
  /**
   * Changes an app to what `decide` makes of what it is; nothing there, or nothing decided, changes nothing. Removing
   * ends all grants of the app. `decide` may be called again.
   */
  change(
    id: string,
    now: number,
    decide: (app: RegisteredApp) => AppChange | undefined,
  ): Promise<RegisteredApp | undefined>
  findInitialToken(hash: string): Promise<InitialToken | undefined>
  /** Newest first. */
  listInitialTokens(): Promise<InitialToken[]>
  addInitialToken(token: InitialToken, told: AuditEvent): Promise<void>
  /** False when there is none of that id, or it was revoked before. */
  revokeInitialToken(id: string, now: number, told: AuditEvent): Promise<boolean>
  /** Forgets initial tokens that are over since `before`, and documents that nothing was granted to and that were fetched before it. */
  sweep(before: number): Promise<void>
}
