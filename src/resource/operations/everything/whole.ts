/**
 * Tells a record in one Bundle, written while it is read: what is in memory at a time is one piece of it, however long
 * the record is. What it will hold is counted first, so that it is on record before the first byte leaves.
 */
import { setImmediate } from 'node:timers/promises'
import type { Prepared, Services } from '../../interactions/handler.ts'
import { FhirError, fhirHeaders } from '../../outcomes.ts'
import type { FhirReply } from '../../request.ts'
import { entryText } from '../bundle-text.ts'
import { countOf, type Question } from '../find.ts'
import { queryTextOf } from '../given.ts'
import type { Call } from '../operation.ts'
import { cutShortText, headOf } from './bundle.ts'
import { createReferenced } from './referenced.ts'
import type { Telling } from './telling.ts'
import { loadPiece, type Place } from './walk.ts'
import { bundlePieces } from './write.ts'

const pieceSize = 50
/** There is a leg for each type, and each takes little: together they are one way to a server. */
const countedAtOnce = 20
/** Of a record that is not told in pieces. */
const mostCharacters = 16 * 1024 * 1024

/** Prepares the reply. */
export async function answerWhole(telling: Telling, call: Call, services: Services): Promise<Prepared> {
  const { focus, given } = telling
  const { legs, counts } = await count(telling.legs, services)
  const pieces = () =>
    bundlePieces(
      headOf(telling, services),
      entries({ ...telling, legs }, call, services),
      call.preferences.pretty,
    )
  return {
    status: 200,
    touched: { patients: focus.patients, resources: [`${focus.type}/${focus.id}`], counts },
    query: queryTextOf(given),
    finish: () => reply(watched(pieces(), call, services), call),
  }
}

/** An entry of a batch, and the server's own pages, have no use for pieces. */
async function reply(stream: AsyncIterable<string>, { request }: Call): Promise<FhirReply> {
  if (request.takesStream || request.method === 'HEAD')
    return { status: 200, headers: fhirHeaders, body: '', stream }
  let body = ''
  for await (const piece of stream) {
    body += piece
    if (body.length > mostCharacters)
      throw new FhirError('tooCostly', {
        text: 'The record is too long to be one answer among others: ask for it by itself, or in pages.',
      })
  }
  return { status: 200, headers: fhirHeaders, body }
}

/** How many resources of each type there are, and the legs that have any. */
async function count(legs: readonly Question[], services: Services) {
  const counts: Record<string, number> = {}
  const fruitful: Question[] = []
  for (let at = 0; at < legs.length; at += countedAtOnce) {
    const some = legs.slice(at, at + countedAtOnce)
    const found = await Promise.all(
      some.map((leg) => (leg.reach.within.length === 0 ? 0 : countOf(leg, services))),
    )
    for (const [index, leg] of some.entries()) {
      const number = found[index] ?? 0
      if (number === 0) continue
      fruitful.push(leg)
      counts[leg.type] = (counts[leg.type] ?? 0) + number
    }
  }
  return { legs: fruitful, counts }
}

async function* entries(
  { legs, wish }: Telling,
  { caller }: Call,
  services: Services,
): AsyncGenerator<readonly string[]> {
  const referenced = createReferenced(wish, caller, services)
  const { base } = services
  let place: Place | undefined = { leg: 0 }
  while (place) {
    const { matches, next } = await loadPiece(legs, place, pieceSize, caller, services)
    yield matches.map((stored) => entryText(stored, { mode: 'match' }, base))
    for await (const included of referenced.of(matches))
      yield included.map((stored) => entryText(stored, { mode: 'include' }, base))
    place = next
    // Other requests have their turn, also while the reader is faster than we are.
    await setImmediate()
  }
  if (referenced.isCutShort) yield [cutShortText]
}

/** A fault in the middle is in the log, and ends the text unfinished. */
async function* watched(
  pieces: AsyncIterable<string>,
  { request }: Call,
  { log }: Services,
): AsyncGenerator<string> {
  try {
    yield* pieces
  } catch (error) {
    log.error({ err: error, request: request.id }, 'a record could not be told to its end')
    throw error
  }
}
