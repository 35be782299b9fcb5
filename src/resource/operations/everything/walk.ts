/**
 * Goes through the legs of a record, a piece at a time. Each resource is in reach of `s`, by which it was found, and of
 * `r`: whoever may search for something but not read it does not get it here (SCOPE-17, SCOPE-20).
 */
import { type Admitted, admit, reachFor } from '../../enforce.ts'
import type { Services } from '../../interactions/handler.ts'
import type { Caller } from '../../request.ts'
import { findPage, type Question } from '../find.ts'

/** Where a walk goes on: a leg, and a place in it unless it is its beginning. */
export interface Place {
  readonly leg: number
  readonly cursor?: string
}

/** A piece of the record, and where the next one begins. */
export interface Piece {
  readonly matches: readonly Admitted[]
  readonly next?: Place
}

/** Loads a piece of at most `count` resources. */
export async function loadPiece(
  legs: readonly Question[],
  place: Place,
  count: number,
  caller: Caller,
  services: Services,
): Promise<Piece> {
  const leg = legs[place.leg]
  if (!leg) return { matches: [] }
  const after = place.leg + 1 < legs.length ? { next: { leg: place.leg + 1 } } : {}
  const readable = reachFor(caller, 'r', leg.type)
  if (readable.within.length === 0 || leg.reach.within.length === 0) return { matches: [], ...after }
  const { matches, next } = await findPage(leg, count, services, place.cursor)
  return {
    matches: matches.filter((stored) => admit(stored, readable, services.matches)),
    ...(next === undefined ? after : { next: { leg: place.leg, cursor: next } }),
  }
}

/** Writes a place as text. */
export function formatPlace({ leg, cursor }: Place): string {
  return JSON.stringify(cursor === undefined ? [leg] : [leg, cursor])
}

/** Reads a place that {@link formatPlace} wrote. */
export function parsePlace(text: string): Place {
  const [leg, cursor] = JSON.parse(text) as [number, string?]
  return cursor === undefined ? { leg } : { leg, cursor }
}
