/**
 * What was found out about a stored text, so that it is not found out again: most of what is read is read more than once.
 * Whether a resource is in a reach, and whose record it is part of, hang on nothing but its text and the reach, and both
 * are values. So the text itself is the key: what is stored anew, under whatever version, is judged anew. Only that
 * something is in reach is remembered, never that it is not.
 */
import { patientsOf } from '../smart/compartment.ts'
import type { Matches, Reach } from '../smart/slice.ts'
import type { Stored } from './repository.ts'

interface Known {
  patients?: readonly string[]
  /** The reaches that it is in, each by the rules that it was judged by. */
  readonly reaches: WeakMap<Reach, Matches>
}

/** Characters of all texts together: what is read often is little, and a long record passes through without staying. */
const most = 2 * 1024 * 1024
/** Longer texts are rare. */
const longest = 16 * 1024

const known = new Map<string, Known>()
let held = 0

function knownOf({ json }: Stored): Known | undefined {
  // What is not stored yet has no text.
  if (json === '' || json.length > longest) return undefined
  const found = known.get(json)
  if (found) return found
  const fresh: Known = { reaches: new WeakMap() }
  known.set(json, fresh)
  held += json.length
  for (const oldest of known.keys()) {
    if (held <= most) break
    known.delete(oldest)
    held -= oldest.length
  }
  return fresh
}

/** Whether a resource is in reach, by `judge` unless that is known. */
export function isJudgedIn(stored: Stored, reach: Reach, matches: Matches, judge: () => boolean): boolean {
  const about = knownOf(stored)
  if (about?.reaches.get(reach) === matches) return true
  const isIn = judge()
  if (isIn) about?.reaches.set(reach, matches)
  return isIn
}

/** The patients whose record a stored resource is part of. */
export function patientsIn(stored: Stored): readonly string[] {
  const about = knownOf(stored)
  if (!about) return patientsOf(stored.resource)
  about.patients ??= patientsOf(stored.resource)
  return about.patients
}
