/** The prefixes of ordered values. @see https://hl7.org/fhir/R4/search.html#prefix */
import type { Comparison } from '../plan.ts'

/** Takes a prefix off a value; without one, equality is meant. */
export function takePrefix(value: string): { readonly comparison: Comparison; readonly rest: string } {
  const prefix = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)/.exec(value)?.[1] as Comparison | undefined
  return prefix ? { comparison: prefix, rest: value.slice(2) } : { comparison: 'eq', rest: value }
}
