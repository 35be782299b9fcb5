/** What a patient's Consent says, as a value: one rule, and exceptions to it one level deep. @see FHIR R4, Consent.provision */

/** Whom a provision is about. */
export type ConsentActor =
  | { readonly kind: 'reference'; readonly reference: string }
  | { readonly kind: 'role'; readonly code: string }
  /** Somebody who cannot be told from here, such as a group. */
  | { readonly kind: 'unclear' }

/** What a provision is about; an empty list asks nothing. */
export interface ConsentScope {
  readonly since?: string
  readonly until?: string
  readonly actors: readonly ConsentActor[]
  /** Codes of HL7 v3 PurposeOfUse; `undefined` for one that is not. */
  readonly purposes: readonly (string | undefined)[]
  /** Resource types. */
  readonly types: readonly string[]
  /** Security labels, `system|code`. */
  readonly labels: readonly string[]
  /** It says more than is understood here: it may be about less than it seems. */
  readonly isUnclear: boolean
  /** It is modified in a way that is not understood: it may mean anything. */
  readonly isModified: boolean
}

export interface Provision {
  readonly kind: 'deny' | 'permit'
  readonly scope: ConsentScope
}

export interface ConsentRule extends Provision {
  readonly exceptions: readonly Provision[]
}

/** Patients whose Consents say the same. */
export interface ConsentGroup {
  readonly rule: ConsentRule
  /** Their ids; the same list as long as it is the same patients. */
  readonly patients: readonly string[]
}

/** About everybody and everything. */
export const anyScope: ConsentScope = {
  actors: [],
  purposes: [],
  types: [],
  labels: [],
  isUnclear: false,
  isModified: false,
}

/** What stands for a Consent that cannot be understood. */
export const denyAll: ConsentRule = { kind: 'deny', scope: anyScope, exceptions: [] }
