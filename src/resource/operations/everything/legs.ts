/**
 * A record as a list of searches, one after another: by type, and where a range of care is asked for, those without a
 * time of care after those within it. The list depends on what is asked alone and not on who asks, so that a page
 * link stays good: a type that is out of reach has a leg that finds nothing.
 */
import { patientCompartment } from '../../../smart/compartment.r4.ts'
import { isCompartmentType } from '../../../smart/compartment.ts'
import { readOnlyTypes } from '../../../smart/read-only.ts'
import { linkedTypes, recordOf } from '../../../smart/record.ts'
import { intersect, type Reach } from '../../../smart/slice.ts'
import { reachFor } from '../../enforce.ts'
import type { Caller } from '../../request.ts'
import { findParameter } from '../../search/parameters.ts'
import type { Question } from '../find.ts'
import type { Given } from '../given.ts'
import { careDates } from './care-dates.ts'

type Pair = readonly [string, string]

/** What is wanted of a record; absent members ask for nothing. */
export interface Wish {
  readonly types?: ReadonlySet<string>
  readonly since?: string
  readonly start?: string
  readonly end?: string
}

/** Reads what is wanted. */
export function wishOf(given: Given): Wish {
  const types = given.all('_type').flatMap((value) => value.split(',').map((type) => type.trim()))
  const [since, start, end] = ['_since', 'start', 'end'].map((name) => given.one(name))
  return {
    ...(types.length > 0 && { types: new Set(types) }),
    ...(since !== undefined && { since }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  }
}

/** Whether a type is among those that are wanted. Who looked at a record is no part of it, unless it is asked for. */
export function isWanted({ types }: Wish, type: string): boolean {
  return types === undefined ? !readOnlyTypes.includes(type) : types.has(type)
}

/** The legs of a patient's record: the patient first, then the compartment and what is linked to it. */
export function patientLegs(id: string, wish: Wish, caller: Caller): Question[] {
  const types = [...Object.keys(patientCompartment), ...Object.keys(linkedTypes)].filter(
    (type) => type !== 'Patient',
  )
  const inRecord = (type: string) => narrowed(reachFor(caller, 's', type), type, id)
  return [
    ...legsOf('Patient', [['_id', id]], inRecord('Patient'), wish),
    ...legsOf('Patient', [['_id:not', id]], inRecord('Patient'), wish),
    ...types.flatMap((type) => legsOf(type, [], inRecord(type), wish)),
  ]
}

/** The legs of an encounter: itself, its patient, and what names it. */
export function encounterLegs(
  id: string,
  patients: readonly string[],
  wish: Wish,
  caller: Caller,
): Question[] {
  const inReach = (type: string) => reachFor(caller, 's', type)
  const pointing = Object.keys(patientCompartment).flatMap((type) => {
    const parameter = ['encounter', 'context', 'part-of'].find((code) => pointsToEncounters(type, code))
    if (parameter === undefined) return []
    return legsOf(type, [[parameter, `Encounter/${id}`]], inReach(type), wish)
  })
  const patientIds: Pair[] = patients.length === 0 ? [] : [['_id', patients.join(',')]]
  return [
    ...legsOf('Encounter', [['_id', id]], inReach('Encounter'), wish),
    ...(patientIds.length === 0 ? [] : legsOf('Patient', patientIds, inReach('Patient'), wish)),
    ...pointing,
  ]
}

function pointsToEncounters(type: string, code: string): boolean {
  const parameter = findParameter(type, code)
  return (
    parameter?.type === 'reference' && parameter.sources.length > 0 && parameter.targets.includes('Encounter')
  )
}

/** The part of a reach that is in a patient's record. */
function narrowed(reach: Reach, type: string, id: string): Reach {
  const record = recordOf(id).filter((slice) =>
    slice.type === '*' ? isCompartmentType(type) : slice.type === type,
  )
  return { within: intersect(reach.within, record), without: reach.without }
}

function legsOf(type: string, parameters: readonly Pair[], reach: Reach, wish: Wish): Question[] {
  if (!isWanted(wish, type)) return []
  const since: Pair[] = wish.since === undefined ? [] : [['_lastUpdated', `gt${wish.since}`]]
  const leg = (more: readonly Pair[]) => ({ type, parameters: [...parameters, ...since, ...more], reach })
  const date = careDates[type]
  const range = date === undefined ? [] : rangeOf(date, wish)
  return date === undefined || range.length === 0
    ? [leg([])]
    : [leg(range), leg([[`${date}:missing`, 'true']])]
}

function rangeOf(date: string, { start, end }: Wish): Pair[] {
  return [
    ...(start === undefined ? [] : [[date, `ge${start}`] as Pair]),
    ...(end === undefined ? [] : [[date, `le${end}`] as Pair]),
  ]
}
