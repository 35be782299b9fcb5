/**
 * A person's decision about an app as the records keep it: a FHIR Consent, for people and programs to read. Nothing here
 * ever reads it back: what an app may do stands in its grant. @see ADR 0030; FHIR R4, Consent
 */
import type { AuditEvent } from '../audit/event.ts'
import { fhirAllowed } from '../audit/fhir-access.ts'
import type { Resource } from '../smart/resource.ts'
import { type DecisionMade, decisionConsent } from './decision-consent.ts'
import { accessLifetime, type Lifetimes, refreshLifetime } from './lifetimes.ts'
import { type ConsentKey, mayBeLetThrough, type RememberedConsent } from './remembered-consent.ts'

/** What is stored of a decision beside what is remembered of it. */
export interface DecisionRecord {
  readonly key: ConsentKey
  /** Of the Consent where there is none about the same yet: then it has that one's id. */
  readonly consentId: string
  readonly consent: Resource
  /** The grant that it gave at once. */
  readonly grantId: string
  /** Whether it lets the app in again, so that it outlasts that grant. */
  readonly letsIn: boolean
  /** Until when the app can have something of it, in milliseconds since 1970. */
  readonly standsUntil: number
  /** What the trail says of the Consent of that id, which was made or has a new version. */
  readonly told: (consentId: string, isNew: boolean) => AuditEvent
}

/** What is stored with a code: a decision just made, or that an earlier one still stood at this time. */
export type ConsentBasis =
  | {
      /** What was decided about: an earlier decision about it stands no longer. */
      readonly decided: ConsentKey
      /** Absent where the site remembers none. */
      readonly remember?: RememberedConsent
      /** Absent where the app is let at no health record. */
      readonly record?: DecisionRecord
    }
  | { readonly relyOn: RememberedConsent; readonly at: number }

/** A decision that was just made. */
export interface Decided extends DecisionMade {
  readonly key: ConsentKey
  /** Absent where the site remembers none. */
  readonly remember: RememberedConsent | undefined
}

/** The record of a decision; nothing where it lets the app at no health record: that is a sign-in and no Consent. */
export function recordOf(decided: Decided, lifetimes: Lifetimes): DecisionRecord | undefined {
  const { key, client, grant, granted, remember, consentId } = decided
  if (!granted.some(({ kind }) => kind === 'resource')) return undefined
  const letsIn = remember !== undefined && mayBeLetThrough(client)
  const access = accessUntil(decided, lifetimes)
  const standsUntil = Math.max(access, letsIn ? remember.expiresAt : 0)
  const patient = patientOf(decided)
  const consent = decisionConsent({ ...decided, patient, standsUntil })
  const patients = patient === undefined ? [] : [patient]
  const { userId: user, fhirUser } = grant
  const actor = { user, client: client.id, grant: grant.id, ...(fhirUser !== undefined && { fhirUser }) }
  return {
    key,
    consentId,
    consent,
    grantId: grant.id,
    letsIn,
    standsUntil,
    told(id, isNew) {
      const asked = { interaction: isNew ? 'create' : 'update', type: 'Consent', id }
      return fhirAllowed(actor, asked, isNew ? 201 : 200, { patients, resources: [`Consent/${id}`] })
    },
  }
}

/** Until when what the decision gives at once is of use at the longest. */
function accessUntil({ client, grant, granted }: Decided, lifetimes: Lifetimes): number {
  const isKept = granted.some(({ kind }) => kind === 'refresh')
  if (isKept) return grant.createdAt + refreshLifetime(client, lifetimes).absolute
  return grant.createdAt + lifetimes.code + accessLifetime(client, grant, lifetimes)
}

/** The patient in context; else a patient's own records are meant first. */
function patientOf({ key, grant }: Decided): string | undefined {
  if (key.patient !== undefined) return key.patient
  return /^Patient\/([A-Za-z0-9.-]{1,64})$/.exec(grant.fhirUser ?? '')?.[1]
}
