/**
 * The one decision: (granted slices ∩ the user's slices) − withheld slices. It is made once, as a value; the store
 * narrows its query by it, and everything that comes back is checked against it. Refusal is what is left over.
 */
import { isCompartmentType, isReferenceType, referenceTypes } from './compartment.ts'
import { enoughScope } from './grant.ts'
import { type Interaction, lettersOf } from './interaction.ts'
import { linkedTypes, recordOf } from './record.ts'
import { type Letter, type Level, parseScopes, type ResourceScope } from './scope.ts'
import {
  type HeldBack,
  intersect,
  isUnlimited,
  nothing,
  ofType,
  type Reach,
  type Slice,
  subtract,
  union,
} from './slice.ts'

/** Letters that somebody has on a slice, apart from any app's scopes. */
export interface Right {
  readonly letters: readonly Letter[]
  readonly slice: Slice
}

/** Everything a decision rests on: what the token grants, for which patient, what its user (or client) may do, and what policy withholds. */
export interface Authority {
  readonly scopes: readonly ResourceScope[]
  /** The patient in context, a bare id; without one, `patient/` scopes grant nothing. */
  readonly patient?: string
  readonly rights: readonly Right[]
  readonly withheld: readonly HeldBack[]
}

/**
 * Why a request was refused. `scope`: the token's scopes lack a letter on the type. `context`: it has `patient/` scopes,
 * but no patient. `rights`: the person (or client) behind the token lacks it. `unmapped`: no letters stand for the request.
 */
export type DenyReason = 'scope' | 'context' | 'rights' | 'unmapped'

export type Decision =
  | { readonly outcome: 'allow'; readonly reach: Reach }
  | { readonly outcome: 'narrowed'; readonly reach: Reach }
  | { readonly outcome: 'deny'; readonly reason: DenyReason; readonly rule: string; readonly enough?: string }

/** Decides one interaction; a batch or transaction is decided entry by entry, its wrapper needs nothing. */
export function decide(authority: Authority, interaction: Interaction): Decision {
  const letters = lettersOf(interaction)
  if (letters === undefined) return { outcome: 'deny', reason: 'unmapped', rule: ruleText.unmapped }
  const type = typeOf(interaction)
  if (type === unsearchable && letters.includes('s'))
    return { outcome: 'deny', reason: 'unmapped', rule: unsearchableRule }
  for (const letter of letters) {
    const refusal = refuse(authority, letter, letters, type)
    if (refusal) return refusal
  }
  const [first] = letters
  if (first === undefined) return { outcome: 'allow', reach: nothing }
  const reach = reachOf(authority, first, type)
  return { outcome: isUnlimited(reach, type) ? 'allow' : 'narrowed', reach }
}

function typeOf(interaction: Interaction): string {
  return 'type' in interaction && interaction.type !== undefined ? interaction.type : '*'
}

const ruleText: Readonly<Record<DenyReason, string>> = {
  scope: 'The scopes of this access token do not include this interaction on this resource type.',
  context: 'The access token has patient-level scopes but no patient in context.',
  rights: 'The person or client that this access token stands for may not do this.',
  unmapped: 'No scope stands for this operation.',
}

function refuse(
  authority: Authority,
  letter: Letter,
  letters: readonly Letter[],
  type: string,
): Decision | undefined {
  if (reachOf(authority, letter, type).within.length > 0) return undefined
  const reason = reasonFor(authority, letter, type)
  const refusal = { outcome: 'deny', reason, rule: ruleText[reason] } as const
  return reason === 'scope'
    ? { ...refusal, enough: enoughScope(levelFor(authority, type), type, letters) }
    : refusal
}

function reasonFor(authority: Authority, letter: Letter, type: string): DenyReason {
  const named = authority.scopes.filter((scope) => isAbout(scope, letter, type))
  if (named.length === 0) return 'scope'
  if (authority.patient === undefined && named.every((scope) => scope.level === 'patient')) return 'context'
  return grantedSlices(authority, letter, type).length === 0 ? 'scope' : 'rights'
}

/** A scope that somebody could ask for, and what would be theirs with it. */
export interface Widened {
  readonly scope: string
  readonly authority: Authority
}

/** The same authority with the smallest scope that has these letters on the whole of a type. */
export function widened(authority: Authority, type: string, letters: readonly Letter[]): Widened {
  const scope = enoughScope(levelFor(authority, type), type, letters)
  const added = parseScopes(scope).scopes.filter((one) => one.kind === 'resource')
  return { scope, authority: { ...authority, scopes: [...authority.scopes, ...added] } }
}

function levelFor(authority: Authority, type: string): Level {
  if (authority.scopes.some((scope) => scope.level === 'system')) return 'system'
  const inRecord = type === '*' || isCompartmentType(type) || isReferenceType(type) || type in linkedTypes
  return authority.patient !== undefined && inRecord ? 'patient' : 'user'
}

/**
 * Whose record a Binary is part of stands in its security context, which no search parameter reaches: no search and no
 * history of many resources has one, whatever the scopes. @see FHIR R4 Binary
 */
const unsearchable = 'Binary'
const unsearchableRule = 'A Binary is read by its id; no search finds one.'

/**
 * What may be touched by one letter on one type (`*` for requests across types).
 * Rights and withheld slices apply to every scope alike; a patient's record is reached through its compartment only.
 */
export function reachOf(authority: Authority, letter: Letter, type: string): Reach {
  const granted = grantedSlices(authority, letter, type)
  if (granted.length === 0 || (letter === 's' && type === unsearchable)) return nothing
  const rights = authority.rights
    .filter((right) => right.letters.includes(letter))
    .map((right) => right.slice)
  const reach = subtract({ within: intersect(granted, rights), without: [] }, authority.withheld)
  if (type !== '*') return ofType(reach, type)
  return letter === 's' ? subtract(reach, [{ type: unsearchable, compartments: [], filter: [] }]) : reach
}

function grantedSlices(authority: Authority, letter: Letter, type: string): Slice[] {
  return union(
    authority.scopes
      .filter((scope) => isAbout(scope, letter, type))
      .flatMap((scope) => slicesOf(scope, letter, type === '*' ? scope.type : type, authority.patient)),
  )
}

/** A request across types is about every scope with the letter; it reaches the types these name. */
function isAbout(scope: ResourceScope, letter: Letter, type: string): boolean {
  return scope.letters.includes(letter) && (type === '*' || scope.type === '*' || scope.type === type)
}

function slicesOf(scope: ResourceScope, letter: Letter, type: string, patient: string | undefined): Slice[] {
  const base: Slice = { type, compartments: [], filter: scope.filter }
  if (scope.level !== 'patient') return [base]
  if (patient === undefined) return []
  return intersect([base], [...recordOf(patient), ...referenceSlices(letter, type)])
}

/** Reference data is nobody's record: patient-level scopes that name it may read it, never write it. */
function referenceSlices(letter: Letter, type: string): Slice[] {
  if (letter !== 'r' && letter !== 's') return []
  return sharedTypes(type).map((shared) => ({ type: shared, compartments: [], filter: [] }))
}

function sharedTypes(type: string): readonly string[] {
  if (type === '*') return referenceTypes
  return isReferenceType(type) ? [type] : []
}
