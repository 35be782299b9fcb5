/**
 * A slice is a set of resources: a type (or all), compartments (or none), a search filter (or none).
 * A reach is a union of slices less other slices; everything that is enforced is one calculation over these.
 */
import { type Compartment, isInCompartment, isOnlyIn, isPartOf } from './compartment.ts'
import { conjoin, type Filter, filterCovers } from './filter.ts'
import type { Resource } from './resource.ts'

export interface Slice {
  /** A resource type, or `*`. */
  readonly type: string
  /** All of these hold the resource, e.g. `Patient/123`. Empty: no compartment is asked. */
  readonly compartments: readonly Compartment[]
  readonly filter: Filter
}

/** A slice that is held back. A resource that is in compartments of `except` only is not in it. */
export interface HeldBack extends Slice {
  readonly except?: readonly string[]
}

/** A resource is in reach when some slice of `within` has it and no slice of `without` does. */
export interface Reach {
  readonly within: readonly Slice[]
  readonly without: readonly HeldBack[]
}

/**
 * Whether a resource satisfies a filter; nothing when that cannot be told (an unknown parameter, a bad value).
 * What cannot be told counts as outside of `within` and as inside of `without`: both ways it stays unseen.
 */
export type Matches = (resource: Resource, filter: Filter) => boolean | undefined

/** The reach of nobody. */
export const nothing: Reach = { within: [], without: [] }

/** The resources that are in both slices; nothing when their types exclude each other. */
export function meet(a: Slice, b: Slice): Slice | undefined {
  const type = a.type === '*' ? b.type : b.type === '*' || a.type === b.type ? a.type : undefined
  if (type === undefined) return undefined
  return { type, compartments: both(a.compartments, b.compartments), filter: conjoin(a.filter, b.filter) }
}

/** All of `a` and of `b`, without what follows from the rest: who is in one's own patients is among everybody's. */
function both(a: readonly Compartment[], b: readonly Compartment[]): readonly Compartment[] {
  const follows = (from: readonly Compartment[]) => (wide: Compartment) =>
    from.some((narrow) => isPartOf(narrow, wide))
  const added = b.filter((one) => !follows(a)(one))
  return [...a.filter((one) => !follows(added)(one)), ...added]
}

/** The resources that are in a slice of `a` and in a slice of `b`. */
export function intersect(a: readonly Slice[], b: readonly Slice[]): Slice[] {
  return union(a.flatMap((one) => b.flatMap((other) => meet(one, other) ?? [])))
}

/** The slices without those that others among them cover. */
export function union(slices: readonly Slice[]): Slice[] {
  return widest(slices, sliceCovers)
}

/** The slices without those that are held back by others among them anyway. */
export function unionHeld(slices: readonly HeldBack[]): HeldBack[] {
  return widest(slices, (wide, narrow) => sliceCovers(wide, narrow) && isToldWith(wide.filter, narrow.filter))
}

/**
 * Whether `narrow` can be told wherever `wide` can: it asks nothing else. Where it asks more, and of some type that
 * cannot be told, it holds back all of that type, and `wide` does not.
 */
function isToldWith(wide: Filter, narrow: Filter): boolean {
  return wide.length === 0 || narrow.every((item) => wide.some((other) => filterCovers([other], [item])))
}

function widest<Kind>(slices: readonly Kind[], covers: (wide: Kind, narrow: Kind) => boolean): Kind[] {
  const kept: Kind[] = []
  for (const slice of slices) {
    if (kept.some((other) => covers(other, slice))) continue
    for (let at = kept.length - 1; at >= 0; at--) {
      const other = kept[at]
      if (other && covers(slice, other)) kept.splice(at, 1)
    }
    kept.push(slice)
  }
  return kept
}

/** The same reach without the resources of `slices`. */
export function subtract(reach: Reach, slices: readonly HeldBack[]): Reach {
  return { within: reach.within, without: unionHeld([...reach.without, ...slices]) }
}

/** Whether every resource of `narrow` is surely in `wide`; says no where it cannot tell. */
export function sliceCovers(wide: HeldBack, narrow: HeldBack): boolean {
  return (
    (wide.type === '*' || wide.type === narrow.type) &&
    wide.compartments.every((one) => narrow.compartments.some((other) => isPartOf(other, one))) &&
    isPartOf(wide.except ?? [], narrow.except ?? []) &&
    filterCovers(wide.filter, narrow.filter)
  )
}

/** The part of a reach that concerns one type. */
export function ofType(reach: Reach, type: string): Reach {
  const concerns = (slice: Slice) => slice.type === '*' || slice.type === type
  return { within: reach.within.filter(concerns), without: reach.without.filter(concerns) }
}

/** Whether the reach has every resource of a type, so that nothing needs to be narrowed or checked. */
export function isUnlimited(reach: Reach, type: string): boolean {
  const all: Slice = { type, compartments: [], filter: [] }
  const part = ofType(reach, type)
  return part.without.length === 0 && part.within.some((slice) => sliceCovers(slice, all))
}

/** Whether a resource is in reach: the check that everything passes before it leaves. */
export function inReach(resource: Resource, reach: Reach, matches: Matches): boolean {
  return (
    reach.within.some((slice) => belongs(resource, slice, matches) === true) &&
    !reach.without.some((slice) => belongs(resource, slice, matches) !== false)
  )
}

/** Whether a resource is in a slice; nothing when its filter cannot be told. */
export function belongs(resource: Resource, slice: HeldBack, matches: Matches): boolean | undefined {
  if (slice.type !== '*' && slice.type !== resource.resourceType) return false
  if (slice.except !== undefined && isOnlyIn(resource, slice.except)) return false
  if (!slice.compartments.every((compartment) => isInCompartment(resource, compartment))) return false
  return slice.filter.length === 0 || matches(resource, slice.filter)
}
