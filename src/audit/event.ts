/**
 * Everything that is put on record, as values: who, through which app, did or tried what, on whose record, and what was
 * decided and why. One helper each, so that a record is never put together at the place where it happens.
 * The members are those that a FHIR AuditEvent needs (agents, source, entities, outcome); secrets never come here.
 */
import type { Actor, Outcome } from './actor.ts'
import type { FhirAccess } from './fhir-access.ts'

interface Base<Kind extends string> {
  readonly kind: Kind
  readonly outcome: Outcome
  readonly actor: Actor
  /** Why it was refused or failed: the name of a rule or an error, never the caller's secret. */
  readonly reason?: string
}

interface SignIn extends Base<'sign-in'> {
  readonly method: string
  /** The name that was typed, when no account belongs to it. */
  readonly name?: string
}

interface AccountSecurity extends Base<'account-security'> {
  /** What happened, such as `passkey-added`. */
  readonly change: string
  /** The name that was typed, when no account belongs to it. */
  readonly name?: string
}

interface KeyChange extends Base<'keys-changed'> {
  /** What was done with which key: its algorithm and its public name. */
  readonly change: string
}

interface Launch extends Base<'launch-started'> {
  readonly patients: readonly string[]
  readonly encounter?: string
  /** The system that asked for it by the launch API: its client id. */
  readonly by?: string
}

interface Authorization extends Base<'authorize'> {
  readonly scope: string
  readonly patients: readonly string[]
}

interface TokenRequest extends Base<'token'> {
  readonly grantType: string
  readonly scope?: string
  readonly patients: readonly string[]
}

interface IdentityChange extends Base<'identity-linked' | 'identity-unlinked' | 'claims-applied'> {
  /** The identity provider, by its id. */
  readonly provider: string
  readonly patients: readonly string[]
}

interface Invitation extends Base<'invitation-made' | 'invitation-withdrawn'> {
  readonly patients: readonly string[]
}

interface EmergencyAccess extends Base<'emergency-access'> {
  readonly patients: readonly string[]
  /** What the person gave as their reason. */
  readonly justification: string
  /** When the exception ends, in milliseconds since 1970. */
  readonly endsAt: number
}

/** What an administrator, an administering app or a command can do to what is kept here. */
export type AdministrativeAct =
  | 'app-registered'
  | 'app-changed'
  | 'app-approved'
  | 'app-refused'
  | 'app-disabled'
  | 'app-enabled'
  | 'app-secret-rotated'
  | 'app-removed'
  | 'initial-token-issued'
  | 'initial-token-revoked'
  | 'account-added'
  | 'account-changed'
  | 'account-disabled'
  | 'account-enabled'
  | 'decisions-forgotten'

interface Administration extends Base<'administration'> {
  readonly act: AdministrativeAct
  /** The app, account or token that it was done to. */
  readonly about: { readonly kind: 'app' | 'account' | 'initial-token'; readonly id: string }
  /** What was changed, in a few words; never a secret. */
  readonly detail?: string
}

export type AuditEvent =
  | Administration
  | EmergencyAccess
  | FhirAccess
  | IdentityChange
  | Invitation
  | SignIn
  | AccountSecurity
  | KeyChange
  | Launch
  | Authorization
  | TokenRequest
  | Base<
      | 'sign-out'
      | 'refresh-reuse'
      | 'code-reuse'
      | 'token-revoked'
      | 'grant-revoked'
      | 'client-registered'
      | 'registration-refused'
      | 'introspection'
      | 'administration-refused'
    >

const patientsOf = (patient: string | undefined): readonly string[] =>
  patient === undefined ? [] : [patient]

/** A person signed in by `method` (such as `password`). */
export function signedIn(actor: Actor, method: string): AuditEvent {
  return { kind: 'sign-in', outcome: 'success', actor, method }
}

/** A sign-in that failed; `name` is what was typed as the account. */
export function signInFailed(actor: Actor, method: string, name: string, reason: string): AuditEvent {
  return { kind: 'sign-in', outcome: 'refused', actor, method, name, reason }
}

/** A session was ended by its user. */
export function signedOut(actor: Actor): AuditEvent {
  return { kind: 'sign-out', outcome: 'success', actor }
}

/** How an account is signed in to has changed, such as by `passkey-added` or `password-changed`. */
export function accountChanged(actor: Actor, change: string): AuditEvent {
  return { kind: 'account-security', outcome: 'success', actor, change }
}

/** A new password was asked for by mail; `name` is what was typed as the account. */
export function resetAsked(actor: Actor, name: string): AuditEvent {
  return { kind: 'account-security', outcome: 'success', actor, change: 'reset-asked', name }
}

/** An EHR, a portal or (`by`) another system started an app, with a patient or an encounter open or without. */
export function launchStarted(
  actor: Actor,
  { patient, encounter, by }: { patient?: string; encounter?: string; by?: string },
): AuditEvent {
  return {
    kind: 'launch-started',
    outcome: 'success',
    actor,
    patients: patientsOf(patient),
    ...(encounter !== undefined && { encounter }),
    ...(by !== undefined && { by }),
  }
}

/** An identity at a provider now opens the actor's account, which is this patient's where one is named. */
export function identityLinked(actor: Actor, provider: string, patient?: string): AuditEvent {
  return { kind: 'identity-linked', outcome: 'success', actor, provider, patients: patientsOf(patient) }
}

/** An identity no longer opens the actor's account. */
export function identityUnlinked(actor: Actor, provider: string): AuditEvent {
  return { kind: 'identity-unlinked', outcome: 'success', actor, provider, patients: [] }
}

/** Name, roles or records of the actor's account are others now, because the provider says so. */
export function claimsApplied(actor: Actor, provider: string): AuditEvent {
  return { kind: 'claims-applied', outcome: 'success', actor, provider, patients: [] }
}

/** An activation code was made, by which somebody can open an account for this patient. */
export function invitationMade(actor: Actor, patient: string): AuditEvent {
  return { kind: 'invitation-made', outcome: 'success', actor, patients: patientsOf(patient) }
}

/** The activation codes of this patient that were still open are of no use any more. */
export function invitationWithdrawn(actor: Actor, patient: string): AuditEvent {
  return { kind: 'invitation-withdrawn', outcome: 'success', actor, patients: patientsOf(patient) }
}

/** An app was given `scope` by its user (or by policy). */
export function authorizeGranted(actor: Actor, scope: string, patient?: string): AuditEvent {
  return { kind: 'authorize', outcome: 'success', actor, scope, patients: patientsOf(patient) }
}

/** An app asked for `scope` and did not get it: the user declined, or a rule did. */
export function authorizeDenied(actor: Actor, scope: string, reason: string): AuditEvent {
  return { kind: 'authorize', outcome: 'refused', actor, scope, patients: [], reason }
}

/** An access token was issued; `actor.token` and `actor.grant` name it. */
export function tokenIssued(actor: Actor, grantType: string, scope: string, patient?: string): AuditEvent {
  return { kind: 'token', outcome: 'success', actor, grantType, scope, patients: patientsOf(patient) }
}

/** A token request was refused; `reason` is the OAuth error or the rule behind it. */
export function tokenRefused(actor: Actor, grantType: string, reason: string): AuditEvent {
  return { kind: 'token', outcome: 'refused', actor, grantType, reason, patients: [] }
}

/** A refresh token came a second time: what it gave was revoked (REFR-20). */
export function refreshReused(actor: Actor): AuditEvent {
  return { kind: 'refresh-reuse', outcome: 'refused', actor, reason: 'refresh token used twice' }
}

/** An authorization code came a second time: what it gave was revoked (RFC-05). */
export function codeReused(actor: Actor): AuditEvent {
  return { kind: 'code-reuse', outcome: 'refused', actor, reason: 'authorization code used twice' }
}

/** One token was revoked at the app's request. */
export function tokenRevoked(actor: Actor): AuditEvent {
  return { kind: 'token-revoked', outcome: 'success', actor }
}

/** A user or an administrator took an app's access away. */
export function grantRevoked(actor: Actor): AuditEvent {
  return { kind: 'grant-revoked', outcome: 'success', actor }
}

/** An app was registered; `actor.client` is its new id. */
export function clientRegistered(actor: Actor): AuditEvent {
  return { kind: 'client-registered', outcome: 'success', actor }
}

/** A registration, or a change of one by its app, was refused; `reason` is the OAuth error or the rule behind it. */
export function registrationRefused(actor: Actor, reason: string): AuditEvent {
  return { kind: 'registration-refused', outcome: 'refused', actor, reason }
}

/**
 * `actor.client` was told what a token is good for, which `actor.grant` and `actor.token` name; of one that is good for
 * nothing it was told that.
 */
export function tokenIntrospected(actor: Actor): AuditEvent {
  return {
    kind: 'introspection',
    outcome: 'success',
    actor,
    ...(actor.grant === undefined && { reason: 'not active' }),
  }
}

/** A signing key was made, or keys were taken out of use; without a user it was this server by its schedule. */
export function keysChanged(actor: Actor, change: string): AuditEvent {
  return { kind: 'keys-changed', outcome: 'success', actor, change }
}

/** A clinician broke the glass for a patient: what policy withholds unless that is done is shown to them until `endsAt`. */
export function emergencyOpened(
  actor: Actor,
  patient: string,
  justification: string,
  endsAt: number,
): AuditEvent {
  return { kind: 'emergency-access', outcome: 'success', actor, patients: [patient], justification, endsAt }
}

/** Somebody administered an app, an account or an initial access token; an app that changes itself acts as its own client. */
export function administered(
  actor: Actor,
  act: AdministrativeAct,
  about: Administration['about'],
  detail?: string,
): AuditEvent {
  const base = { kind: 'administration', outcome: 'success', actor, act, about } as const
  return detail === undefined || detail === '' ? base : { ...base, detail }
}

/** What people decided about an app, or one person about apps, was forgotten by an administrator, and codes that lay ready with it. */
export function decisionsForgotten(
  actor: Actor,
  whose: { readonly userId?: string; readonly clientId?: string },
  { decisions, codes }: { readonly decisions: number; readonly codes: number },
): AuditEvent {
  const { userId = '', clientId } = whose
  const about =
    clientId === undefined
      ? ({ kind: 'account', id: userId } as const)
      : ({ kind: 'app', id: clientId } as const)
  const of = clientId !== undefined && userId !== '' ? `account ${userId}: ` : ''
  return administered(actor, 'decisions-forgotten', about, `${of}decisions ${decisions}, codes ${codes}`)
}

/** Somebody tried to administer who may not, or in a form that was not sent from our page. */
export function administrationRefused(actor: Actor, reason: string): AuditEvent {
  return {
    kind: 'administration-refused',
    outcome: 'refused',
    actor,
    reason,
  }
}
