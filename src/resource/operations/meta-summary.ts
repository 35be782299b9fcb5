/** Gathers what several `meta` have between them: each profile, security label and tag once. */
import type { Resource } from '../../smart/resource.ts'
import { FhirError } from '../outcomes.ts'

type Meta = NonNullable<Resource['meta']>

/** Somewhere to add to, and the sum. */
export interface MetaSummary {
  add(meta: Meta): void
  meta(): Meta
}

/** More different labels than this are no summary. */
const mostOfEach = 1000

export function createMetaSummary(): MetaSummary {
  const found = { profile: new Map<string, unknown>(), security: new Map(), tag: new Map() }
  const names = Object.keys(found) as (keyof typeof found)[]
  return {
    add(meta) {
      for (const name of names) for (const value of listOf(meta[name])) addOne(found[name], value, name)
    },
    meta: () =>
      Object.fromEntries(
        names.filter((name) => found[name].size > 0).map((name) => [name, [...found[name].values()]]),
      ),
  }
}

function addOne(known: Map<string, unknown>, value: unknown, name: string): void {
  const key = keyOf(value)
  if (known.has(key)) return
  if (known.size >= mostOfEach)
    throw new FhirError('tooCostly', {
      text: `There are more than ${mostOfEach} different values of ${name}.`,
    })
  known.set(key, value)
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A Coding is the same by system and code, whatever it is displayed as. */
function keyOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const { system, code } = value as { system?: unknown; code?: unknown }
  return JSON.stringify([system, code])
}
