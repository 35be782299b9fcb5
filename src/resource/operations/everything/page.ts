/** Tells a record a page at a time; the link to the next page is bound to the grant and good for nobody else. */
import type { Admitted } from '../../enforce.ts'
import { type Prepared, type Services, touch } from '../../interactions/handler.ts'
import { fhirHeaders } from '../../outcomes.ts'
import { bundleText, entryText, laidOut } from '../bundle-text.ts'
import { queryTextOf } from '../given.ts'
import type { Call } from '../operation.ts'
import { cutShortText, headOf } from './bundle.ts'
import { createReferenced } from './referenced.ts'
import type { Telling } from './telling.ts'
import { formatPlace, loadPiece, type Place } from './walk.ts'

const largestCount = 1000
/** A page ends early before it is more than memory is for. */
const mostCharacters = 16 * 1024 * 1024

/** Prepares the reply. */
export async function answerPage(telling: Telling, call: Call, services: Services): Promise<Prepared> {
  const { given, focus } = telling
  const { matches, next } = await gather(telling, call, services)
  const { included, isCutShort } = await include(matches, telling, call, services)
  const { base, pageLinks } = services
  const link =
    next &&
    pageLinks.seal({ of: focus.place, parameters: given.pairs, cursor: formatPlace(next) }, call.caller)
  const entries = [
    ...matches.map((stored) => entryText(stored, { mode: 'match' }, base)),
    ...included.map((stored) => entryText(stored, { mode: 'include' }, base)),
    ...(isCutShort ? [cutShortText] : []),
  ]
  const text = laidOut(bundleText(headOf(telling, services, link), entries), call.preferences.pretty)
  return {
    status: 200,
    touched: touch([...matches, ...included].map(({ resource }) => resource)),
    query: queryTextOf(given),
    finish: () => ({ status: 200, headers: fhirHeaders, body: text }),
  }
}

async function gather({ legs, given, from }: Telling, { caller }: Call, services: Services) {
  const count = Math.min(Number(given.one('_count')), largestCount)
  const matches: Admitted[] = []
  let room = mostCharacters
  let place: Place | undefined = from
  while (place && matches.length < count && room > 0) {
    const piece = await loadPiece(legs, place, count - matches.length, caller, services)
    matches.push(...piece.matches)
    room -= piece.matches.reduce((sum, { json }) => sum + json.length, 0)
    place = piece.next
  }
  return { matches, ...(place && { next: place }) }
}

async function include(
  matches: readonly Admitted[],
  { wish }: Telling,
  { caller }: Call,
  services: Services,
) {
  const referenced = createReferenced(wish, caller, services)
  const included: Admitted[] = []
  let room = mostCharacters
  for await (const some of referenced.of(matches)) {
    included.push(...some)
    room -= some.reduce((sum, { json }) => sum + json.length, 0)
    if (room < 0) return { included, isCutShort: true }
  }
  return { included, isCutShort: referenced.isCutShort }
}
