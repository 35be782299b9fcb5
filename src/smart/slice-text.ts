/** A slice as policies write it: the part of a scope that says which resources, `Type`, `Type?query` or `*?query`. */
import { resourceTypes } from './compartment.r4.ts'
import { formatFilter, parseFilter } from './filter.ts'
import type { Slice } from './slice.ts'

const types: ReadonlySet<string> = new Set(resourceTypes)

/** Reads a slice, whole or not at all; it asks for no compartment. */
export function parseSlice(text: string): Slice | undefined {
  const question = text.indexOf('?')
  const type = question < 0 ? text : text.slice(0, question)
  if (type !== '*' && !types.has(type)) return undefined
  const filter = question < 0 ? [] : parseFilter(text.slice(question + 1))
  return filter && { type, compartments: [], filter }
}

/** Writes type and filter so that {@link parseSlice} reads the same slice. */
export function formatSlice({ type, filter }: Slice): string {
  return filter.length === 0 ? type : `${type}?${formatFilter(filter)}`
}
