/** The record of one FHIR request: what was asked, whose records it touched, what was decided and by which rule. */
import type { Actor, Outcome } from './actor.ts'

/** What a request asked for, as far as it could be understood. */
export interface AskedOf {
  /** The interaction's name, such as `read` or `search-type`; `unknown` for a request that is none. */
  readonly interaction: string
  /** The operation's name without `$`. */
  readonly operation?: string
  readonly type?: string
  readonly id?: string
  readonly version?: string
  /** Of a search in a compartment, such as `Patient/123`. */
  readonly compartment?: string
  /** The search as it was asked, URL and form together. */
  readonly query?: string
}

export interface FhirAccess {
  readonly kind: 'fhir-access'
  readonly outcome: Outcome
  readonly actor: Actor
  readonly asked: AskedOf
  /** HTTP status of the reply; for a write, that of its success. */
  readonly status: number
  /** The rule that decided. */
  readonly reason?: string
  /** Ids of the patients whose records were shown, changed or aimed at. */
  readonly patients: readonly string[]
  /** References of the resources that left or were changed. */
  readonly resources: readonly string[]
  /** Of a record that is told as a whole, how many resources of each type it has, instead of naming each. */
  readonly counts?: Readonly<Record<string, number>>
  /** The request's id in the log. */
  readonly request?: string
}

/** What a request touched. */
export interface Touched {
  readonly patients: readonly string[]
  readonly resources: readonly string[]
  readonly counts?: Readonly<Record<string, number>>
}

/** A request that was allowed; written before the reply leaves, and for a write before anything is stored. */
export function fhirAllowed(
  actor: Actor,
  asked: AskedOf,
  status: number,
  touched: Touched,
  request?: string,
): FhirAccess {
  return {
    kind: 'fhir-access',
    outcome: 'success',
    actor,
    asked,
    status,
    ...touched,
    ...id(request),
  }
}

/** A request that a rule refused; `touched` may name what the caller must not learn of. */
export function fhirRefused(
  actor: Actor,
  asked: AskedOf,
  status: number,
  reason: string,
  touched: Touched,
  request?: string,
): FhirAccess {
  const { patients, resources } = touched
  const outcome = 'refused'
  return { kind: 'fhir-access', outcome, actor, asked, status, reason, patients, resources, ...id(request) }
}

/** A request that could not be carried out: malformed, in conflict, not built, or a fault of ours. */
export function fhirFailed(
  actor: Actor,
  asked: AskedOf,
  status: number,
  reason: string,
  request?: string,
): FhirAccess {
  const nothing = { patients: [], resources: [] }
  return {
    kind: 'fhir-access',
    outcome: 'failed',
    actor,
    asked,
    status,
    reason,
    ...nothing,
    ...id(request),
  }
}

function id(request: string | undefined): { request?: string } {
  return request === undefined ? {} : { request }
}
