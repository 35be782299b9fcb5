/**
 * What a site withholds, from whom, and when it does not: the rules of its policy as values, and the slices that they
 * take away from one person. A policy only ever takes away; an exception only ever takes part of that back.
 */
import type { Label } from './labels.ts'
import { recordsOf } from './record.ts'
import { type HeldBack, meet, type Slice, unionHeld } from './slice.ts'

/** In what way somebody comes to a record; one person may have several. */
export type Role = 'patient' | 'related-person' | 'clinician' | 'administrator' | 'system'

/** All of them. */
export const everyRole: readonly Role[] = [
  'patient',
  'related-person',
  'clinician',
  'administrator',
  'system',
]

/** When a withholding does not apply. All that is named has to hold. */
export interface Exception {
  /** One of these: a {@link Role}, or the code (`system|code`) of a post that the person holds. */
  readonly roles?: readonly string[]
  /** One of these, or a narrower one. @see HL7 v3 PurposeOfUse */
  readonly purposes?: readonly string[]
  /** Only for a patient for whom this clinician has broken the glass, and while that lasts. */
  readonly breakGlass?: true
}

/** One rule that withholds. */
export interface Withholding {
  readonly name: string
  readonly what: readonly Slice[]
  readonly from: readonly Role[]
  /** One that holds is enough. */
  readonly unless: readonly Exception[]
  /** Why, in words that everybody may read. */
  readonly because: string
}

/** One way in which a person comes to records. */
export interface Capacity {
  readonly role: Role
  /** Posts held in it, each `system|code`. */
  readonly posts: readonly string[]
  /** Purpose of use, a code; without one no exception by purpose holds. */
  readonly purpose?: string
  /** The ids of the patients whose records it opens; absent where it is not bound to any. */
  readonly patients?: readonly string[]
}

/** A person (or client) as far as a policy looks at them. */
export interface Subject {
  readonly capacities: readonly Capacity[]
  /** The ids of the patients for whom the glass is broken now. */
  readonly glassBroken: readonly string[]
}

/** The purpose that a clinician who has broken the glass acts for, beside their own. */
export const emergencyPurpose = 'ETREAT'

/** The wider purpose of each that is told here. */
const widerPurposes: Readonly<Record<string, string>> = {
  ETREAT: 'TREAT',
  TREAT: 'PurposeOfUse',
  FAMRQT: 'PATRQT',
  PATRQT: 'PurposeOfUse',
  HOPERAT: 'PurposeOfUse',
}

/** Whether `purpose` is `wide` or one of the narrower ones below it. */
export function isPurposeWithin(purpose: string, wide: string): boolean {
  for (let at: string | undefined = purpose; at !== undefined; at = widerPurposes[at]) {
    if (at === wide) return true
  }
  return false
}

/** The slices that these rules withhold from a person. */
export function withheldFrom(rules: readonly Withholding[], subject: Subject): HeldBack[] {
  return unionHeld(rules.flatMap((rule) => heldBy(rule, subject)))
}

/** Whether breaking the glass would take anything back from what these rules withhold from a clinician. */
export function canBreakGlass(rules: readonly Withholding[], { capacities }: Subject): boolean {
  return rules.some(({ from, unless }) =>
    capacities.some((one) => from.includes(one.role) && standingOf(unless, one) === 'glass'),
  )
}

function heldBy({ what, from, unless }: Withholding, subject: Subject): HeldBack[] {
  const { capacities, glassBroken } = subject
  // Of nobody nothing is known that could be an exception.
  if (capacities.length === 0) return [...what]
  const held = capacities.filter((one) => from.includes(one.role) && standingOf(unless, one) !== 'holds')
  // What is withheld from everything that a person is, is withheld outside of their records too.
  const isWhole = held.length === capacities.length && held.every((one) => one.patients !== undefined)
  return held.flatMap((one) => {
    const slices = isWhole || !one.patients ? what : withinRecords(what, one.patients)
    const isLifted = glassBroken.length > 0 && standingOf(unless, one) === 'glass'
    return isLifted ? slices.map((slice) => ({ ...slice, except: glassBroken.map(nameOf) })) : slices
  })
}

function withinRecords(what: readonly Slice[], patients: readonly string[]): Slice[] {
  const records = recordsOf(patients)
  return what.flatMap((slice) => records.flatMap((record) => meet(slice, record) ?? []))
}

const nameOf = (patient: string) => `Patient/${patient}`

/** Whether the exceptions lift a rule for a capacity: always, for patients for whom the glass is broken, or not at all. */
type Standing = 'holds' | 'glass' | 'fails'

function standingOf(unless: readonly Exception[], capacity: Capacity): Standing {
  const standings = unless.map((exception) => standingOfOne(exception, capacity))
  if (standings.includes('holds')) return 'holds'
  return standings.includes('glass') ? 'glass' : 'fails'
}

function standingOfOne({ roles, purposes, breakGlass }: Exception, capacity: Capacity): Standing {
  const { role, posts, purpose } = capacity
  if (roles && !roles.some((one) => one === role || posts.includes(one))) return 'fails'
  const isWithin = (code: string | undefined) =>
    !purposes || (code !== undefined && purposes.some((wide) => isPurposeWithin(code, wide)))
  if (isWithin(purpose) && !breakGlass) return 'holds'
  // Nobody but clinicians can break the glass; who has broken it acts for one more purpose.
  return role === 'clinician' && (isWithin(purpose) || isWithin(emergencyPurpose)) ? 'glass' : 'fails'
}

/** What brings a patient into a clinician's care. */
export type CareKind = 'care-team' | 'encounter' | 'appointment'

/** When a patient is in a clinician's care; durations in milliseconds. */
export interface CareRule {
  readonly by: readonly CareKind[]
  /** How long a patient stays in care after an encounter has ended. */
  readonly afterEncounter: number
  readonly beforeAppointment: number
  readonly afterAppointment: number
}

/** Everything that a site's policy says. */
export interface SitePolicy {
  /** Whose records clinicians may open: everyone's, or those of the patients in their care. */
  readonly clinicians: 'everyone' | 'care'
  readonly care: CareRule
  readonly majority: {
    /** From this birthday on a patient's parents no longer act for them. */
    readonly years: number
    /** Codes of relationships (HL7 v3 RoleCode) that go on after it, such as a spouse's. */
    readonly exceptFor: readonly string[]
  }
  /** How long the glass stays broken, in milliseconds. */
  readonly glassLasts: number
  readonly withhold: readonly Withholding[]
  /** How patients' Consent resources are honoured; absent when they are not. */
  readonly consents?: Pick<Withholding, 'unless' | 'because'>
  /** What marks a result that waits for release (`system|code`), and who beside its orderer may release it. */
  readonly release: { readonly tag: string; readonly by: readonly string[] }
  /** Who may take other labels that decide on who sees a resource off it: roles or posts; nobody else may. */
  readonly labels: { readonly by: readonly string[] }
}

/**
 * What a label decides on: `release`, whether a result waits; `access`, anything else about who sees a resource. Every
 * security label does, for patients' Consents may name any; of tags those by which a rule withholds.
 */
export function stakeOf(
  { release, withhold }: Pick<SitePolicy, 'release' | 'withhold'>,
  { kind, system, code }: Label,
): 'release' | 'access' | undefined {
  if (kind === 'security') return 'access'
  const written = `${system}|${code}`
  if (written === release.tag) return 'release'
  const asked = withhold
    .flatMap(({ what }) => what.flatMap(({ filter }) => filter))
    .filter(({ parameter }) => parameter.split(':', 1)[0] === '_tag')
    .flatMap(({ value }) => value.split(','))
  return asked.some((one) => one === written || one === code || one === `${system}|`) ? 'access' : undefined
}
