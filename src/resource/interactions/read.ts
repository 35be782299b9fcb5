/**
 * Answers a read by id: the current version, when it is in reach (SCOPE-05). That a resource was deleted is told to those
 * only who might have read it before. @see FHIR R4 http, read
 */
import { isKnown } from '../preconditions.ts'
import { rawReply, wantsRaw } from '../raw-content.ts'
import { notModifiedReply, resourceReply } from '../replies.ts'
import { type Handler, type Prepared, touchStored } from './handler.ts'
import { gone, loadKnown } from './visible.ts'

export const read: Handler<'read'> = async (exchange, services): Promise<Prepared> => {
  const { type, id } = exchange.asked
  const known = await loadKnown(type, id, `${type}/${id}`, exchange, services)
  if (known.current.deleted) throw gone(`${type}/${id}`, known)
  const found = known.content
  const touched = touchStored([found])
  // Only after the check: a 304 would tell that the version exists.
  if (isKnown(exchange.request, found)) return { status: 304, touched, finish: () => notModifiedReply(found) }
  const reply = wantsRaw(exchange) ? rawReply(found, exchange) : resourceReply(found, exchange)
  return { status: 200, touched, finish: () => reply }
}
