/** Slices in plain words: which letters, on whose record, within which filter. */
import { isCompartmentType } from '../../../smart/compartment.ts'
import { formatFilter } from '../../../smart/filter.ts'
import type { Letter } from '../../../smart/scope.ts'
import type { Slice } from '../../../smart/slice.ts'

/** What a caller may touch of a type, letter by letter. */
export interface TypeAccess {
  readonly type: string
  readonly slices: readonly { readonly letter: Letter; readonly within: readonly Slice[] }[]
}

/** Letters that stand on the same filter and record, or records. */
export interface Described {
  readonly letters: string
  /** Such as `Patient/123`; empty when no record is asked, and cut short when there are many. */
  readonly record: readonly string[]
  /** In the syntax of scopes; empty for none. */
  readonly filter: string
  readonly text: string
}

/** Whoever has more records in reach is told how many. */
const mostRecords = 20

/** A slice of a compartment that can hold nothing of a type says nothing about it. */
export function isWorthTelling(type: string): (slice: Slice) => boolean {
  return ({ compartments }) => compartments.length === 0 || isCompartmentType(type)
}

interface Gathered {
  readonly letters: Set<Letter>
  readonly slice: Slice
}

/** Slices of all letters, alike ones together, those of one filter that differ in the record alone as one. */
export function describeAccess({ type, slices }: TypeAccess): Described[] {
  const bySlice = new Map<string, Gathered>()
  for (const { letter, within } of slices)
    for (const slice of within.filter(isWorthTelling(type))) {
      const key = JSON.stringify([formatFilter(slice.filter), slice.compartments])
      const known = bySlice.get(key) ?? { letters: new Set(), slice }
      bySlice.set(key, known)
      known.letters.add(letter)
    }
  const byFilter = Map.groupBy(bySlice.values(), ({ letters, slice }) =>
    JSON.stringify([
      [...letters],
      formatFilter(slice.filter),
      slice.compartments.length < 2 ? slice.compartments.length : slice.compartments,
    ]),
  )
  return [...byFilter.values()].map((alike) => describe(type, alike))
}

function describe(type: string, alike: readonly Gathered[]): Described {
  const [first] = alike
  const letters = [...(first?.letters ?? [])]
  const filter = first?.slice.filter ?? []
  const places = alike.map(({ slice }) => slice.compartments.map((compartment) => [compartment].flat()))
  const records = [...new Set(places.filter((place) => place.length === 1).flat(2))]
  const where = filter.map(({ parameter, value }) => `${parameter} is ${value}`).join(' and ')
  return {
    letters: letters.join(''),
    record: records.slice(0, mostRecords),
    filter: formatFilter(filter),
    text: `May ${words(letters)} ${type}${placeText(places, records)}${where && `, where ${where}`}.`,
  }
}

const verbs: Readonly<Record<Letter, string>> = {
  c: 'create',
  r: 'read',
  u: 'update',
  d: 'delete',
  s: 'search',
}

function words(letters: readonly Letter[]): string {
  const all = letters.map((letter) => verbs[letter])
  const last = all.pop() ?? ''
  return all.length === 0 ? last : `${all.join(', ')} and ${last}`
}

/** Whose records: a place is a list of conditions, each of which names one or several records. */
function placeText(places: readonly string[][][], records: readonly string[]): string {
  const [place = []] = places
  if (place.length === 0) return ''
  if (places.length === 1 && place.length > 1)
    return ` in ${place.map(recordText).join(', as far as it is also in ')}`
  return ` in ${recordText(records)}`
}

function recordText(records: readonly string[]): string {
  const [only] = records
  return records.length === 1 ? `the record of ${only}` : `${records.length} records`
}
