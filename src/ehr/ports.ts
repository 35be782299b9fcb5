/** What the EHR needs from others; `server.ts` passes it in. */
import type { Cookie, HttpRequest } from '../http/route.ts'
import type { LaunchContext } from '../smart/context.ts'
import type { Resource } from '../smart/resource.ts'

/** A registered app, as far as a launch needs it. */
export interface AppSummary {
  readonly clientId: string
  readonly name: string
  /** The registered launch address (`initiate_login_uri`); an app without one cannot be launched from here. */
  readonly launchUrl?: string
  /** All the origins it may show in a frame: of its launch address and of its redirect URIs. */
  readonly redirectUris: readonly string[]
  /** The app's own page (`client_uri`), where a standalone launch begins. */
  readonly homeUrl?: string
  readonly logoUrl?: string
  readonly publisher?: string
}

/** The registered apps that are enabled. */
export interface Apps {
  list(): Promise<AppSummary[]>
  find(clientId: string): Promise<AppSummary | undefined>
}

/** What the sign-in page is told. */
export interface SignInHints {
  readonly username?: string
  readonly again?: boolean
  /** Two factors in any case. */
  readonly secondFactor?: 'required'
}

/** The person at the browser. */
export interface EhrUser {
  /** The account: what launches are bound to, and the subject of tokens. */
  readonly id: string
  /** What the person signs in as. */
  readonly username: string
  readonly name: string
  readonly sessionId: string
  /** A clinician works in the EHR, a patient (or who acts for one) in the portal, anyone else in neither. */
  readonly kind: 'clinician' | 'patient' | 'other'
  /** Relative reference, such as `Practitioner/123`. */
  readonly fhirUser?: string
  /** Of a patient user: the id of their own record, which `fhirUser` need not be. */
  readonly ownRecord?: string
  /** Of a patient user: the ids of their own record first, then of those they act for. */
  readonly patients: readonly string[]
}

export interface CurrentUser {
  find(request: HttpRequest): Promise<EhrUser | undefined>
  /** A path of the sign-in page that comes back to `returnTo` (a path with query). */
  signInUrl(returnTo: string, hints?: SignInHints): string
}

/** Records, with the user's own authority: what they may not see is absent, exactly as through the FHIR API. */
export interface Chart {
  /** `path` is below the FHIR base, encoded, such as `Patient/1` or `Condition?patient=1`; nothing for 403, 404 and 410. */
  get(user: Pick<EhrUser, 'id'>, path: string): Promise<Resource | undefined>
}

/** A system that launches apps by the launch API, as its access token tells. */
export interface LaunchCaller {
  readonly clientId: string
  /** The scopes of the token, as they are written. */
  readonly scopes: readonly string[]
}

/** Access tokens of systems. */
export interface LaunchCallers {
  /** Nothing when the token is not ours, expired or revoked, or may not be used like this. */
  verify(token: string): Promise<LaunchCaller | undefined>
}

/** A person whom another system may name, and sign in on its own word. */
export interface LaunchPerson {
  readonly id: string
  readonly name: string
}

/** The people of the launch API: everybody with an enabled account but administrators. */
export interface LaunchPeople {
  /** By account name, or by the FHIR record that a person is, such as `Practitioner/123`. */
  findNamed(name: string): Promise<LaunchPerson | undefined>
  /** By the id of the account. */
  find(id: string): Promise<LaunchPerson | undefined>
  /**
   * The session of this person in the browser: theirs goes on, anybody else's ends, and a new one begins; nothing when they
   * may not. `authTime` is when they signed in elsewhere, where that is known: milliseconds since 1970.
   */
  signIn(
    id: string,
    request: HttpRequest,
    authTime?: number,
  ): Promise<{ readonly sessionId: string; readonly cookies: readonly Cookie[] } | undefined>
}

/** A launch at rest: the handle only as its hash. */
export interface StoredLaunch {
  /** SHA-256 of the handle, base64url. */
  readonly handleHash: string
  readonly clientId: string
  readonly userId: string
  /** Absent as long as the browser of a launch that another system started has not come. */
  readonly sessionId?: string
  readonly context: LaunchContext
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** When the user signed in to the system that started it, as it says: milliseconds since 1970. */
  readonly authTime?: number
}

/** Who comes with a launch handle. */
export interface LaunchHolder {
  readonly clientId: string
  readonly userId: string
  readonly sessionId: string
}

/** Launches that were started and not yet taken. */
export interface LaunchStore {
  /** With `start`, the hash of what the user's browser will bring, and until when it may. */
  add(launch: StoredLaunch, start?: { readonly hash: string; readonly expiresAt: number }): Promise<void>
  /** The launch that waits for a browser with this start token, which may still come. */
  findStart(startHash: string, now: number): Promise<StoredLaunch | undefined>
  /** The same, and the token is used up: of two that come at once, one gets it. */
  useStart(startHash: string, now: number): Promise<StoredLaunch | undefined>
  /** Gives a launch whose start was used to a session; false when it has one, or has expired. */
  bind(handleHash: string, sessionId: string, now: number): Promise<boolean>
  /** The launch, if it was not taken, has not expired at `now`, and is this holder's. */
  find(handleHash: string, holder: LaunchHolder, now: number): Promise<StoredLaunch | undefined>
  /** The same, and it is gone: of two that take one launch at once, one gets it. */
  take(handleHash: string, holder: LaunchHolder, now: number): Promise<StoredLaunch | undefined>
  /** Forgets launches that expired before `now`. */
  sweep(now: number): Promise<void>
}

/** An exception that a clinician opened by breaking the glass. */
export interface StoredEmergency {
  readonly id: string
  readonly userId: string
  /** The patient's id. */
  readonly patient: string
  /** The clinician's name, as it was then. */
  readonly name: string
  readonly reason: string
  /** Milliseconds since 1970. */
  readonly openedAt: number
  readonly endsAt: number
}

/** Exceptions that were opened, as long as the chart lists them. */
export interface EmergencyStore {
  add(emergency: StoredEmergency): Promise<void>
  /** The newest first. */
  ofPatient(patient: string, most: number): Promise<StoredEmergency[]>
  /** Forgets those that ended before `endedBefore`. */
  sweep(endedBefore: number): Promise<void>
}

/** Breaking the glass: an exception from what policy withholds, for one clinician and one patient, for a while. */
export interface Emergency {
  /** Whether it could show this person anything at all: it follows from policy and person, never from a record. */
  isOffered(user: EhrUser): Promise<boolean>
  /** Whether the person at the browser has proved who they are as the site demands it for this. */
  isProven(request: HttpRequest): Promise<boolean>
  /** How long it lasts, in minutes. */
  minutes(): number
  /** Puts the exception and its reason on record, then opens it. Rejects when it cannot be recorded. */
  open(user: EhrUser, patient: string, reason: string): Promise<void>
  /** Those of a patient of late, the newest first. */
  list(patient: string): Promise<StoredEmergency[]>
}

/** Letting a patient see a result. */
export interface Releases {
  /** What marks a result that waits, `system|code`. */
  tag(): string
  /** Whether policy lets this person release what somebody else ordered. */
  mayReleaseAny(user: EhrUser): Promise<boolean>
  /** Takes the tag off a resource as this person, if it is still at the version it has; false when it may not be, or is not. */
  release(user: EhrUser, resource: Resource): Promise<boolean>
}

/** What happened at the EHR, for the audit trail. */
export interface EhrEvent {
  readonly action: 'launched' | 'launch-refused'
  readonly requestId?: string
  /** The app; absent, as the user is, when a request of the launch API did not come to them. */
  readonly clientId?: string
  readonly userId?: string
  /** The system that asked by the launch API: its client id. */
  readonly by?: string
  readonly address?: string
  readonly patient?: string
  readonly encounter?: string
  /** Private: for the log and the auditor. */
  readonly detail?: string
}

export interface Audit {
  record(event: EhrEvent): void | Promise<void>
}
