/** What an interaction's handler is given, and what it hands back before anything is shown or stored. */
import type { Touched } from '../../audit/fhir-access.ts'
import { patientsOf } from '../../smart/compartment.ts'
import type { Interaction, InteractionKind } from '../../smart/interaction.ts'
import type { Resource } from '../../smart/resource.ts'
import type { Matches, Reach } from '../../smart/slice.ts'
import type { BundleLimits } from '../bundle/limits.ts'
import type { Admitted } from '../enforce.ts'
import { patientsIn } from '../judged.ts'
import type { FhirError } from '../outcomes.ts'
import type { PageLinks } from '../page-link.ts'
import type { Labelling, Log } from '../ports.ts'
import type { Preferences } from '../preferences.ts'
import type { Recorder } from '../recorder.ts'
import type { Change, Repository, Stored, Written } from '../repository.ts'
import type { Caller, FhirReply, FhirRequest } from '../request.ts'

/** A request that was permitted, within its reach. */
export interface Permitted {
  readonly request: FhirRequest
  readonly caller: Caller
  readonly reach: Reach
  /** Those of the URL. */
  readonly parameters: URLSearchParams
  readonly preferences: Preferences
}

/** It, and what it asks. */
export interface Exchange<Kind extends InteractionKind> extends Permitted {
  readonly asked: Extract<Interaction, { kind: Kind }>
}

/** What the server brings to every request. */
export interface BaseServices {
  readonly repository: Repository
  readonly matches: Matches
  readonly labelling: Labelling
  readonly limits: BundleLimits
  /** The FHIR base URL, without a trailing slash. */
  readonly base: string
  readonly pageLinks: PageLinks
  readonly log: Log
  /** The CapabilityStatement as JSON; it says the same until the server is started anew. */
  readonly capabilityStatement: () => Promise<string>
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A new logical id, not guessable. */
  readonly newId: () => string
}

/** What handlers work with. */
export interface Services extends BaseServices {
  readonly steps: Steps
  readonly find: Find
  /** Resources, by `Type/id`, that the same transaction is going to store. */
  readonly pending: ReadonlyMap<string, Resource>
}

/** The steps of one request, for the entries of a Bundle: each of them goes the way of a request by itself. */
export interface Steps {
  /** The whole way, audit included. */
  answer(request: FhirRequest, caller: Caller, asked: Interaction): Promise<FhirReply>
  /** Decision and judgement only: nothing has left, is stored or is on record. */
  prepare(request: FhirRequest, caller: Caller, asked: Interaction, services: Services): Promise<Prepared>
  readonly recorder: Recorder
  /** What went wrong, as an error that may be told. */
  known(error: unknown, request: FhirRequest, caller: Caller, asked: Interaction): FhirError
}

/** What a condition names. */
export interface Found {
  readonly match?: Admitted
  /** That the condition still names the same when the write is made. */
  readonly expected: Change
}

/** Looks for the one resource of a type that a query names, among those that the caller may find. */
export type Find = (type: string, query: string, caller: Caller) => Promise<Found>

/** A write that was judged. */
export interface Write {
  readonly changes: readonly Change[]
  /** Makes the reply of what the changes came to. */
  reply(written: readonly Written[]): FhirReply
}

/**
 * A request that was prepared: its reply has been judged, or its write has, but nothing has left or is stored.
 * The audit record is written in between.
 */
export interface Prepared {
  /** The status when {@link finish} succeeds. */
  readonly status: number
  readonly touched: Touched
  /** The parameters of a search, also where a page link stood for them; for the audit trail. */
  readonly query?: string
  /** For a write: what {@link finish} stores, so that a transaction can store it together with others. */
  readonly write?: Write
  /** Makes the reply; a write stores first. */
  finish(): FhirReply | Promise<FhirReply>
}

export type Handler<Kind extends InteractionKind> = (
  exchange: Exchange<Kind>,
  services: Services,
) => Promise<Prepared>

/** Whose records these resources are part of, and their references, for the audit trail. */
export function touch(resources: readonly Resource[]): Touched {
  return touchedBy(resources.map((one) => [`${one.resourceType}/${one.id}`, patientsOf(one)]))
}

/** The same of what is stored. */
export function touchStored(stored: readonly Stored[]): Touched {
  return touchedBy(stored.map((one) => [`${one.type}/${one.id}`, patientsIn(one)]))
}

function touchedBy(parts: readonly (readonly [reference: string, patients: readonly string[]])[]): Touched {
  return {
    patients: [...new Set(parts.flatMap(([, patients]) => patients))],
    resources: parts.map(([reference]) => reference),
  }
}
