/**
 * Enforces the one decision: asks for it, and checks every resource against it before the resource leaves or is stored.
 * A reply can only be made of an {@link Admitted} resource, and only the functions here make one (RSRC-03, SCOPE-17, SCOPE-20).
 */
import { isInCompartment, isOnlyIn, isPartOf, patientsOf } from '../smart/compartment.ts'
import { type Authority, type Decision, decide, reachOf } from '../smart/decision.ts'
import type { Interaction } from '../smart/interaction.ts'
import { isKept } from '../smart/read-only.ts'
import type { Resource } from '../smart/resource.ts'
import type { Letter } from '../smart/scope.ts'
import {
  belongs,
  type HeldBack,
  inReach,
  isUnlimited,
  type Matches,
  type Reach,
  type Slice,
} from '../smart/slice.ts'
import { isJudgedIn } from './judged.ts'
import { FhirError } from './outcomes.ts'
import type { Stored } from './repository.ts'
import type { Caller } from './request.ts'

declare const checked: unique symbol

/** A stored resource that was found to be in the caller's reach. */
export type Admitted = Stored & { readonly [checked]: true }

/** What was worked out for an authority: it is a value, so the same question has the same answer as long as it lives. */
interface Worked {
  readonly decisions: Map<string, Decision>
  readonly reaches: Map<string, Reach>
}

const worked = new WeakMap<Authority, Worked>()

function workedFor(authority: Authority): Worked {
  const known = worked.get(authority) ?? { decisions: new Map(), reaches: new Map() }
  worked.set(authority, known)
  return known
}

function decided(authority: Authority, interaction: Interaction): Decision {
  const type = 'type' in interaction ? interaction.type : ''
  // A condition asks for one more letter, and operations differ by name: both are rare and decided anew.
  if (interaction.kind === 'operation' || 'ifNoneExist' in interaction) return decide(authority, interaction)
  const { decisions } = workedFor(authority)
  const key = `${interaction.kind} ${type}`
  const decision = decisions.get(key) ?? decide(authority, interaction)
  decisions.set(key, decision)
  return decision
}

/** What a caller may touch by one letter on a type, beside the interaction that was permitted: for inclusions. */
export function reachFor({ authority }: Caller, letter: Letter, type: string): Reach {
  const { reaches } = workedFor(authority)
  const key = `${letter} ${type}`
  const reach = reaches.get(key) ?? reachOf(authority, letter, type)
  reaches.set(key, reach)
  return reach
}

/** What an interaction may touch; throws the refusal that names the rule and the scope that would be enough. */
export function permit(caller: Caller, interaction: Interaction, realm: string): Reach {
  const decision = decided(caller.authority, interaction)
  if (decision.outcome !== 'deny') return decision.reach
  const scope = decision.enough === undefined ? '' : `, scope="${decision.enough}"`
  const challenge = `Bearer realm="${realm}", error="insufficient_scope"${scope}`
  const hint = decision.enough === undefined ? '' : ` The scope ${decision.enough} would be enough.`
  throw new FhirError('forbidden', {
    text: `${decision.rule}${hint}`,
    detail: decision.reason,
    headers: { 'www-authenticate': challenge },
  })
}

/**
 * The resource when it is in reach, else nothing: the caller is told the same as if it did not exist.
 * Of a Binary only {@link admitBinary} can tell.
 */
export function admit(stored: Stored, reach: Reach, matches: Matches): Admitted | undefined {
  if (stored.type === 'Binary') return undefined
  const judge = () => inReach(stored.resource, reach, matches)
  return isJudgedIn(stored, reach, matches, judge) ? (stored as Admitted) : undefined
}

/** What the security context of a Binary turned out to be: the resource it names, when the caller may read that. */
export type SecurityContext =
  | { readonly named: false }
  | { readonly named: true; readonly visible?: Resource }

/** A Binary when it is in reach by its security context, else nothing. */
export function admitBinary(
  stored: Stored,
  context: SecurityContext,
  reach: Reach,
  matches: Matches,
): Admitted | undefined {
  return isBinaryInReach(stored.resource, context, reach, matches) ? (stored as Admitted) : undefined
}

/**
 * Whether a Binary is in reach. It is part of the record that its security context is part of; without one it is for
 * those only who may touch every Binary. @see FHIR R4 Binary, security
 */
export function isBinaryInReach(
  binary: Resource,
  context: SecurityContext,
  reach: Reach,
  matches: Matches,
): boolean {
  if (!context.named) return isUnlimited(reach, 'Binary')
  const { visible } = context
  if (!visible) return false
  const holds = ({ type, compartments, filter, except }: HeldBack) => {
    if (except !== undefined && isOnlyIn(visible, except)) return false
    if (!compartments.every((compartment) => isInCompartment(visible, compartment))) return false
    return belongs(binary, { type, compartments: [], filter }, matches)
  }
  return (
    reach.within.some((slice) => holds(slice) === true) &&
    !reach.without.some((slice) => holds(slice) !== false)
  )
}

/**
 * What was stored by the caller's own words, after {@link checkWritable} has admitted it.
 * It is shown to its writer without the letter `r`: it holds nothing that the writer did not send.
 */
export function admitWritten(stored: Stored): Admitted {
  return stored as Admitted
}

/**
 * Refuses to store a resource that would be outside of the reach, or that would enter the record of a patient in which
 * the caller may not write: one membership in reach must not carry another that is not.
 */
export function checkWritable(
  next: Resource,
  before: Resource | undefined,
  reach: Reach,
  matches: Matches,
): void {
  if (!isWritable(next, before, reach, matches)) throw outside(next)
}

/** That a resource, as it would be stored, is outside of what may be written. */
export function outside(next: Resource): FhirError {
  return new FhirError('forbiddenContent', {
    detail: 'reach',
    // Whether another scope would do for a Binary, its own content does not tell.
    ...(next.resourceType !== 'Binary' && { content: next }),
    touched: { patients: patientsOf(next), resources: [] },
  })
}

/**
 * Refuses to store or to end what the server keeps by itself, and to put its mark on anything else: neither can a decision
 * about an app be made up, nor a patient's own Consent be passed off as one. Asked after the reach: who may not know of a
 * resource does not learn of it here.
 */
export function checkNotKept(resources: readonly (Resource | undefined)[], matches: Matches): void {
  if (resources.some((one) => one !== undefined && isKept(one, matches))) throw new FhirError('keptByServer')
}

/** Whether {@link checkWritable} lets a resource pass. */
export function isWritable(
  next: Resource,
  before: Resource | undefined,
  reach: Reach,
  matches: Matches,
): boolean {
  const known = before ? patientsOf(before) : []
  const entered = patientsOf(next).filter((patient) => !known.includes(patient))
  return inReach(next, reach, matches) && entered.every((patient) => mayEnter(next, patient, reach, matches))
}

/** Whether the resource would be in reach if this patient were its only one. */
function mayEnter(next: Resource, patient: string, reach: Reach, matches: Matches): boolean {
  const only = `Patient/${patient}`
  const inside = (slice: Slice) => slice.compartments.every((compartment) => isPartOf(only, compartment))
  const within = reach.within.filter(inside)
  return inReach(next, { within, without: [] }, matches)
}
