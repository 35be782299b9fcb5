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
    JSON.stringify([[...letters], formatFilter(slice.filter), slice.compartments.length === 0]),
  )
  return [...byFilter.values()].map((alike) => describe(type, alike))
}

function describe(type: string, alike: readonly Gathered[]): Described {
  const [first] = alike
  const letters = [...(first?.letters ?? [])]
  const filter = first?.slice.filter ?? []
  const records = alike.flatMap(({ slice }) => recordsOf(slice))
  const single = records.filter((record) => record.length === 1).flat()
  const where = filter.map(({ parameter, value }) => `${parameter} is ${value}`).join(' and ')
  return {
    letters: letters.join(''),
    record: single.slice(0, mostRecords),
    filter: formatFilter(filter),
    text: `May ${words(letters)} ${type}${recordText(records)}${where && `, where ${where}`}.`,
  }
}

/** One list for each way into reach: a slice of one compartment out of several is several ways. */
function recordsOf({ compartments }: Slice): (readonly string[])[] {
  const [only] = compartments
  if (compartments.length === 1 && typeof only === 'object') return only.map((name) => [name])
  return [compartments.map((one) => (typeof one === 'string' ? one : `one of ${one.length} patients`))]
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

function recordText(records: readonly (readonly string[])[]): string {
  const [only = []] = records
  if (only.length === 0) return ''
  if (records.length > 1) return ` in ${records.length} records`
  return ` in the record of ${only.join(', as far as it is also in that of ')}`
}
