/** What the authorization server needs from others; `server.ts` passes it in. */

import type { AuditEvent } from '../audit/event.ts'
import type { Cookie, HttpRequest } from '../http/route.ts'
import type { LaunchContext } from '../smart/context.ts'
import type { Filter } from '../smart/filter.ts'
import type { ResourceScope } from '../smart/scope.ts'
import type { Level } from './acr.ts'
import type { Flow, FlowState } from './authorize/flow.ts'
import type { Client } from './client.ts'
import type { ConsentBasis } from './decision-record.ts'
import type { AccessRecord, CodeRecord, GrantRecord, RefreshRecord, UserGrant } from './grant.ts'

/** The registered apps. */
export interface ClientStore {
  find(id: string): Promise<Client | undefined>
  add(client: Client): Promise<void>
  /** Makes of the client of that id what `decide` says, beside nobody else's change; false when there is none. `decide` may be called again. */
  change(id: string, decide: (before: Client) => Client): Promise<boolean>
  list(): Promise<Client[]>
  /** Whether some enabled client has a redirect URI at this origin (CORS-06), one that registered, or any (the default). */
  hasOrigin(origin: string, of?: 'any' | 'registered'): Promise<boolean>
  /** Why an app could not be found a moment ago, where there is more to say than that it is unknown. */
  problemOf?(id: string): string | undefined
}

/** Running authorizations, found by the hash of their id. */
export interface FlowStore {
  /** Stores a new flow and, in the same transaction, uses up the pushed request it began with; false, changing nothing, if that was used before. */
  add(flow: Flow, pushedHash?: string): Promise<boolean>
  find(hash: string): Promise<Flow | undefined>
  /**
   * Stores `flow` if it still is in state `from`, and, in the same transaction, the code it ended with and the decision
   * behind it; else, or where the decision relied on stands no longer, stores none of them and says false.
   */
  move(from: FlowState, flow: Flow, code?: CodeRecord, basis?: ConsentBasis): Promise<boolean>
  /** Forgets flows that expired before `now`. */
  sweep(now: number): Promise<void>
}

/** A refresh token with the grant behind it, and whether each is still good. */
export interface FoundRefresh {
  readonly token: RefreshRecord
  readonly used: boolean
  readonly grant: UserGrant
  readonly ended: boolean
}

/** What may be used once only, and until when that has to be remembered, in milliseconds since 1970. */
export interface Single {
  readonly use: string
  readonly id: string
  readonly expiresAt: number
}

/** What goes with everything that is given, in the same transaction. */
export interface Giving {
  /** Milliseconds since 1970. */
  readonly now: number
  /** Put on record: nothing is given without its record, and nothing is recorded that was not given. */
  readonly told: AuditEvent
  /** An opaque access token. */
  readonly access?: AccessRecord
  /** Used up by it. */
  readonly single?: Single
}

/**
 * What became of it. `gone`: the code or token was used before, or its grant has ended; `repeated`: the single was used
 * before. Then nothing is changed.
 */
export type Given = 'given' | 'gone' | 'repeated'

/** Codes, the grants they become, and refresh tokens. Every method is one transaction, durable when it returns. */
export interface GrantStore {
  findCode(hash: string): Promise<{ readonly code: CodeRecord; readonly used: boolean } | undefined>
  /** Marks the code used and stores its grant, as it was found with the code, and what is given for it. */
  redeem(code: Pick<CodeRecord, 'hash' | 'grant'>, giving: Giving, refresh?: RefreshRecord): Promise<Given>
  findRefresh(hash: string): Promise<FoundRefresh | undefined>
  /** Marks the old token used and stores the next one. */
  rotate(oldHash: string, giving: Giving, next: RefreshRecord): Promise<Given>
  /** One more access token of a grant. */
  issue(grantId: string, giving: Giving): Promise<Given>
  /** The opaque access token of that hash, expired or not. */
  findAccess(hash: string): Promise<AccessRecord | undefined>
  /** Stores a grant that an app has by itself, without a code: it gives one access token. */
  give(grant: GrantRecord, giving: Giving): Promise<Given>
  findGrant(id: string): Promise<GrantRecord | undefined>
  /** A user's grants that have not ended and were made, or given a refresh token that is still unused, after these times; newest first. */
  liveOf(
    userId: string,
    since: { readonly madeAfter: number; readonly refreshedAfter: number },
  ): Promise<UserGrant[]>
  /** A user's grants that were made after this time, ended or not. */
  madeOf(userId: string, madeAfter: number): Promise<UserGrant[]>
  /** Keeps when a token of the grant was last used, in milliseconds since 1970. */
  noteUse(id: string, now: number): Promise<void>
  /** When each of a user's grants was last used, by the ids of the grants; one that never was is not there. */
  lastUsed(userId: string): Promise<ReadonlyMap<string, number>>
  /** Ends a grant: its refresh tokens and access tokens stop working. */
  end(id: string, now: number): Promise<void>
  /** Revokes one access token, which expires at `expiresAt` (milliseconds since 1970). */
  revokeToken(tokenId: string, expiresAt: number): Promise<void>
  /** Whether the grant exists, has not ended, its app is not disabled, and neither the token nor the one it came from is revoked. */
  isLive(id: string, tokenId?: string, originId?: string): Promise<boolean>
  /** Forgets codes and tokens that nothing can be done with any more. */
  sweep(now: number): Promise<void>
}

/** What may be used once only, by whoever it is. */
export interface ReplayStore {
  /** Whether nobody used it before; durable when it says so. */
  isFirst(single: Single): Promise<boolean>
  /** Forgets what expired. */
  sweep(now: number): Promise<void>
}

/** A signing key at rest. */
export interface StoredKey {
  readonly kid: string
  readonly alg: 'ES256' | 'RS256'
  /** PKCS #8, PEM. */
  readonly privateKey: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  /** From when on it signs, in milliseconds since 1970; it is public before that. */
  readonly signsFrom: number
}

/** The public half of a key that is in no use any more, by which an ID token that comes back as a hint is known. */
export interface RetiredKey {
  readonly kid: string
  readonly alg: StoredKey['alg']
  /** SPKI, PEM. */
  readonly publicKey: string
  /** When it was taken out of use, in milliseconds since 1970. */
  readonly retiredAt: number
}

/** The signing keys, which all nodes share; each method is one transaction, `told` put on record in the same one. */
export interface KeyStore {
  /** The names of all, also of those that cannot be decrypted. */
  kids(): Promise<string[]>
  /** The one that signs last first. Throws when a key cannot be decrypted. */
  list(): Promise<StoredKey[]>
  /** Stores the key unless one of its algorithm was made after `since`: of several nodes that would, one does. */
  addNext(key: StoredKey, since: number, told?: AuditEvent): Promise<boolean>
  /** These instead of all there are: nothing that those, or retired ones, have signed counts any more. */
  replaceAll(keys: readonly StoredKey[], told?: AuditEvent): Promise<void>
  /** Removes keys that nobody needs; the public halves in `retired` are kept. */
  remove(
    kids: readonly string[],
    gone?: { readonly retired: readonly RetiredKey[]; readonly told: AuditEvent; readonly at: number },
  ): Promise<void>
  listRetired(): Promise<RetiredKey[]>
  /** Forgets those that were retired before. */
  forgetRetired(before: number): Promise<void>
}

/** Who comes with a launch handle: the app it was made for, in the session and by the user it was made in. */
export interface LaunchHolder {
  readonly clientId: string
  readonly userId: string
  readonly sessionId: string
}

/** Closes and opens small texts, each for what it is `bound` to. */
export interface Sealer {
  seal(text: string, bound: string): string
  /** Nothing when it was sealed with another secret, for something else, or was touched since. */
  open(sealed: string, bound: string): string | undefined
}

/** EHR launches that were started and not yet taken (LNCH-06). */
export interface LaunchStore {
  /** The launch, once, if it has not expired and is this holder's; anybody else's try leaves it in place. */
  take(
    handleHash: string,
    holder: LaunchHolder,
    now: number,
  ): Promise<{ readonly context: LaunchContext } | undefined>
}

/** The person at the browser. */
export interface User {
  /** The account: subject of tokens. */
  readonly id: string
  readonly sessionId: string
  readonly name: string
  /** A patient user is offered the records they act for; a clinician searches. */
  readonly kind: 'clinician' | 'patient'
  /** Relative reference, such as `Practitioner/123`. */
  readonly fhirUser?: string
  /** When they proved who they are: milliseconds since 1970; absent when it is not known. */
  readonly authenticatedAt?: number
  /** How they proved who they are, in the values of `amr`; absent when it is not known. @see RFC 8176 §2 */
  readonly methods?: readonly string[]
  /** The language of their setting, a BCP 47 tag; absent when they never chose one. */
  readonly locale?: string
}

export interface SignInHints {
  readonly loginHint?: string
  readonly uiLocales?: string
  /** Ask for the credentials again even if somebody is signed in. */
  readonly again?: boolean
  /** Ask for a sign-in at least this strong, as far as the person can give one. */
  readonly level?: Level
  /** That strong or not at all: what is asked for needs it. */
  readonly must?: boolean
}

export interface SignIn {
  currentUser(request: HttpRequest): Promise<User | undefined>
  /** A path or URL of the sign-in page that comes back to `returnTo` (a path). */
  signInUrl(returnTo: string, hints: SignInHints): string
  /** Signs the person at the browser out; gives the cookies to set. */
  endSession(request: HttpRequest): Promise<readonly Cookie[]>
  isSessionLive(sessionId: string): Promise<boolean>
  /** Whether the account still may be acted for when nobody is signed in (offline access). */
  isUserActive(userId: string): Promise<boolean>
}

/** A patient as the picker shows one. */
export interface PatientSummary {
  readonly id: string
  readonly name: string
  /** FHIR date. */
  readonly birthDate?: string
  /** FHIR administrative gender. */
  readonly gender?: string
  /** Medical record number or the like. */
  readonly identifier?: string
  /** For a patient user: their own record, or one they act for. */
  readonly relation?: 'self' | 'dependant'
}

export interface EncounterSummary {
  readonly id: string
  /** What kind of visit, in words. */
  readonly label: string
  /** FHIR dateTime. */
  readonly start?: string
  readonly end?: string
  readonly status?: string
}

/** Any other resource as the picker shows one. */
export interface ResourceSummary {
  readonly id: string
  /** What it is, in words. */
  readonly label: string
  /** FHIR date or dateTime. */
  readonly date?: string
  readonly status?: string
}

/** Which resources are asked for, to choose one of them. */
export interface ResourcesAsked {
  readonly type: string
  /** The patient in context. */
  readonly patient?: string
  /** Whether only what is in that patient's record is meant. */
  readonly isOfPatient: boolean
  /** What the app asks for: where that says anything of the type, nothing else is shown. */
  readonly scopes: readonly ResourceScope[]
}

/** Patients, and what is in their records, as far as the user may see them. */
export interface PatientDirectory {
  /** Best matches first; for an empty text, those updated last. */
  search(user: User, text: string): Promise<PatientSummary[]>
  /** Nothing when the user may not act for that patient. */
  describe(user: User, id: string): Promise<PatientSummary | undefined>
  /** A patient user's own record first, then those of dependants. */
  own(user: User): Promise<PatientSummary[]>
  /** The patient's encounters, latest first. */
  encounters(user: User, patientId: string): Promise<EncounterSummary[]>
  /** The patients whose record a resource is part of, none for reference data; nothing when the user may not see it. */
  ownersOf(user: User, reference: string): Promise<readonly string[] | undefined>
  /** Resources of any other type, latest first. */
  resources(user: User, asked: ResourcesAsked): Promise<ResourceSummary[]>
}

/** Whether the resource server can enforce the filter of a granular scope (AMB-28); `type` may be `*`. */
export type FilterSupport = (type: string, filter: Filter) => boolean

/** The audit trail, as far as it is needed here. */
export type { Trail } from '../audit/trail.ts'
