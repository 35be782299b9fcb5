/**
 * Answers a batch: each entry is decided, judged, put on record and answered by itself, and fails by itself (RSRC-08).
 * @see FHIR R4 http, batch
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Handler, Permitted, Services } from '../interactions/handler.ts'
import { errorReply, FhirError } from '../outcomes.ts'
import type { FhirReply } from '../request.ts'
import { type Entry, parseEntries, requestOf, type Unknown } from './entries.ts'
import { responseEntry, responseReply } from './response.ts'
import { createRoom } from './room.ts'

export const batch: Handler<'batch'> = async (exchange, services) => {
  const entries = parseEntries(exchange.request, services.limits)
  return {
    status: 200,
    touched: { patients: [], resources: [] },
    finish: () => answerAll(entries, exchange, services),
  }
}

async function answerAll(
  entries: readonly (Entry | Unknown)[],
  permitted: Permitted,
  services: Services,
): Promise<FhirReply> {
  const room = createRoom()
  const answers: string[] = []
  for (const entry of entries) {
    answers.push(room.take(await answerOne(entry, room.isLeft(), permitted, services)))
    // Other people's requests are waiting, too.
    await nextTurn()
  }
  return responseReply('batch', answers, permitted.preferences.pretty)
}

async function answerOne(
  entry: Entry | Unknown,
  isRoom: boolean,
  { request: wrapper, caller }: Permitted,
  { steps }: Services,
): Promise<string> {
  const request = entry.asked ? requestOf(entry) : { ...wrapper, method: 'GET' }
  if (!entry.asked) return responseEntry(request, errorReply(new FhirError('unknownEntry')))
  if (!isRoom) return responseEntry(request, errorReply(new FhirError('noRoom')))
  return responseEntry(request, await steps.answer(request, caller, entry.asked))
}
