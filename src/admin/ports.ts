/** What administration needs from others; `server.ts` passes it in. */
import type { HttpRequest } from '../http/route.ts'

/** Who administers: a person at a page, or an app with the scope `chartkey.admin`. */
export interface By {
  readonly user?: string
  readonly client?: string
  readonly address?: string
}

/** The person at the browser. */
export interface Visitor {
  readonly id: string
  readonly name: string
  readonly username: string
  readonly isAdmin: boolean
  /** Whether they have proved just now, by all that their account has, who they are. */
  isFresh(): Promise<boolean>
}

export interface Visitors {
  find(request: HttpRequest): Promise<Visitor | undefined>
  /** The sign-in page that comes back to `returnTo`; `again` for somebody who is signed in. */
  signInUrl(returnTo: string, again?: Visitor): string
}

/** The app behind an access token, if the token is good. */
export interface Callers {
  verify(
    token: string,
  ): Promise<{ readonly clientId: string; readonly scopes: readonly string[] } | undefined>
}

export type AppState = 'approved' | 'waiting' | 'refused' | 'disabled'
export type AppKind = 'public' | 'confidential' | 'backend'
export type WaitReason = 'approval' | 'scope' | 'backend' | 'house' | 'changed'
export type Origin = 'open' | 'initial-token' | 'statement' | 'administrator' | 'document'

/** What an app says of itself, in the names of RFC 7591. */
export interface AppMetadata {
  readonly client_name: string
  readonly redirect_uris: readonly string[]
  readonly initiate_login_uri?: string
  readonly grant_types: readonly string[]
  readonly token_endpoint_auth_method: string
  readonly token_endpoint_auth_signing_alg?: string
  readonly scope: string
  readonly jwks?: unknown
  readonly jwks_uri?: string
  readonly logo_uri?: string
  readonly client_uri?: string
  readonly policy_uri?: string
  readonly tos_uri?: string
  readonly contacts?: readonly string[]
  readonly software_id?: string
  readonly software_version?: string
  readonly require_pushed_authorization_requests?: boolean
  readonly require_signed_request_object?: boolean
  readonly request_object_signing_alg?: string
  readonly request_uris?: readonly string[]
  readonly dpop_bound_access_tokens?: boolean
  readonly post_logout_redirect_uris?: readonly string[]
  readonly backchannel_logout_uri?: string
  readonly userinfo_signed_response_alg?: string
  readonly access_token_format?: string
}

/** One of the public keys on record of an app: what it says of itself, and what follows from the key. */
export interface AppKey {
  readonly kid?: string
  readonly kty?: string
  readonly crv?: string
  readonly alg?: string
  readonly use?: string
  /** RFC 7638; nothing when it is no key. */
  readonly thumbprint?: string
}

/** A registered app as an administrator sees one; times are in milliseconds since 1970. */
export interface AdminApp {
  readonly id: string
  /** All that is decided about, as one text: another as soon as the app is another. */
  readonly version: string
  readonly metadata: AppMetadata
  /** Those that the app gave itself, not those at its address. */
  readonly keys: readonly AppKey[]
  readonly state: AppState
  readonly kind: AppKind
  readonly origin: Origin
  readonly waitsFor: readonly WaitReason[]
  readonly preApproved: boolean
  readonly smart1: boolean
  readonly resourceServer: boolean
  readonly createdAt: number
  readonly secrets: readonly { readonly createdAt: number; readonly endsAt?: number }[]
}

/** An app, and what is told once. */
export interface MadeApp {
  readonly app: AdminApp
  readonly secret?: string
}

/** What was asked cannot be; `member` is the name of what is wrong, the message says how. */
export class NotAcceptable extends Error {
  readonly member: string

  constructor(member: string, problem: string) {
    super(problem)
    this.name = 'NotAcceptable'
    this.member = member
  }
}

/** The app is another than the one that was read; nothing was done to it. */
export class ChangedMeanwhile extends Error {
  constructor() {
    super('the app has changed since it was read')
    this.name = 'ChangedMeanwhile'
  }
}

/** `preApproved`: an EHR launch asks for no consent. `smart1`: an app of SMART 1.0, which may come without PKCE. `resourceServer`: may introspect every app's tokens. */
export type Trust = 'preApproved' | 'smart1' | 'resourceServer'

/** The kinds that are given (true) or taken back. */
export type Trusts = { readonly [Kind in Trust]?: boolean | undefined }

export type AppAct = 'approve' | 'refuse' | 'disable' | 'enable'

/** Registered apps. What changes one is put on record with it and in force at once; nothing comes back when there is no such app. */
export interface Apps {
  list(): Promise<AdminApp[]>
  find(id: string): Promise<AdminApp | undefined>
  /** Throws {@link NotAcceptable}. */
  register(metadata: Readonly<Record<string, unknown>>, by: By): Promise<MadeApp>
  /** Nothing also for an app that is known by its document. `seen` as below. Throws {@link NotAcceptable}. */
  edit(
    id: string,
    metadata: Readonly<Record<string, unknown>>,
    by: By,
    seen?: string,
  ): Promise<MadeApp | undefined>
  /** Nothing also when the act does not fit the app's state. With the version that was `seen`, for that one only: throws {@link ChangedMeanwhile}. */
  act(id: string, act: AppAct, by: By, seen?: string): Promise<AdminApp | undefined>
  /** All of it or nothing; nothing also for an app that cannot have that trust. `seen` as above. */
  setTrusts(id: string, trusts: Trusts, by: By, seen?: string): Promise<AdminApp | undefined>
  /** Nothing also for an app without secret; `overlap` in milliseconds. */
  rotateSecret(id: string, overlap: number, by: By): Promise<MadeApp | undefined>
  /** `seen` as above. */
  remove(id: string, by: By, seen?: string): Promise<boolean>
}

/** An initial access token, with which apps are registered that nobody has to look at. */
export interface InitialToken {
  readonly id: string
  readonly name: string
  readonly createdAt: number
  readonly expiresAt: number
  readonly usesLeft: number
  readonly scope: string
  readonly backend: boolean
  readonly revokedAt?: number
}

export interface TokenTerms {
  readonly name: string
  readonly scope?: string
  readonly backend: boolean
  readonly uses: number
  /** Milliseconds from now. */
  readonly lifetime: number
}

export interface InitialTokens {
  /** Newest first. */
  list(): Promise<InitialToken[]>
  issue(terms: TokenTerms, by: By): Promise<{ readonly token: InitialToken; readonly secret: string }>
  /** False when there is none that is still good. */
  revoke(id: string, by: By): Promise<boolean>
}

/** A person who can sign in, as an administrator sees one. */
export interface AdminAccount {
  readonly id: string
  readonly username: string
  readonly name: string
  readonly roles: readonly ('clinician' | 'patient' | 'admin')[]
  readonly fhirUser?: string
  readonly records: readonly string[]
  readonly disabled: boolean
}

export interface Accounts {
  list(): Promise<AdminAccount[]>
  find(id: string): Promise<AdminAccount | undefined>
  /** Throws {@link NotAcceptable}. */
  link(
    id: string,
    links: { readonly records: readonly string[]; readonly fhirUser?: string },
    by: By,
  ): Promise<AdminAccount | undefined>
  setDisabled(id: string, disabled: boolean, by: By): Promise<AdminAccount | undefined>
}

/** An activation code that is still good; the code itself is told once. */
export interface ActivationCode {
  /** The id of the Patient it is for; of a patient there is one. */
  readonly patient: string
  readonly madeAt: number
  readonly expiresAt: number
}

/** Codes by which patients open an account at their first sign-in at an identity provider. */
export interface ActivationCodes {
  /** Those that are still good, the newest first. */
  list(): Promise<ActivationCode[]>
  /** Makes one for the patient of a reference, and ends an earlier one. Throws {@link NotAcceptable}. */
  make(reference: string, days: number, by: By): Promise<{ readonly code: string } & ActivationCode>
  /** False when the patient has none. */
  revoke(patient: string, by: By): Promise<boolean>
  /** Days for which a code is good: the usual number, and the most. */
  readonly days: { readonly usual: number; readonly most: number }
}

/** What somebody allowed an app. */
export interface AdminGrant {
  readonly id: string
  readonly clientId: string
  readonly userId?: string
  readonly patient?: string
  readonly scope: string
  readonly createdAt: number
}

export interface Grants {
  /** Those in force, the newest first, 200 at most. */
  list(filter: { readonly clientId?: string; readonly userId?: string }): Promise<AdminGrant[]>
  /** Ends it; false when it is not in force. */
  revoke(id: string, by: By): Promise<boolean>
}

/** Seals what was typed while somebody signs in again. */
export interface Drafts {
  seal(text: string, bound: string): string
  /** Nothing when it was sealed for something else, or was touched since. */
  open(sealed: string, bound: string): string | undefined
}

/** Refusals go on record too; the acts themselves do with what they change. */
export interface Refusals {
  record(by: By, reason: string): Promise<void>
}
