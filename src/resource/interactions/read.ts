/** Answers a read by id: the current version, when it is in reach (SCOPE-05). @see FHIR R4 http, read */
import { isKnown } from '../preconditions.ts'
import { notModifiedReply, resourceReply } from '../replies.ts'
import { type Handler, type Prepared, touch } from './handler.ts'
import { visible } from './visible.ts'

export const read: Handler<'read'> = async (exchange, services): Promise<Prepared> => {
  const { type, id } = exchange.asked
  const found = visible(await services.repository.read(type, id), `${type}/${id}`, exchange, services)
  const touched = touch([found.resource])
  // Only after the check: a 304 would tell that the version exists.
  if (isKnown(exchange.request, found.version))
    return { status: 304, touched, finish: () => notModifiedReply(found) }
  return { status: 200, touched, finish: () => resourceReply(found, exchange) }
}
