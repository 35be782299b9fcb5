/**
 * Answers a read of one version. Both that version and the current one have to be in reach: what was moved out of reach,
 * or labelled since, does not stay open through its past (SCOPE-05). @see FHIR R4 http, vread
 */
import { isKnown } from '../preconditions.ts'
import { notModifiedReply, resourceReply } from '../replies.ts'
import { type Handler, type Prepared, touch } from './handler.ts'
import { visible } from './visible.ts'

export const vread: Handler<'vread'> = async (exchange, services): Promise<Prepared> => {
  const { type, id, version } = exchange.asked
  const name = `${type}/${id}/_history/${version}`
  visible(await services.repository.read(type, id), name, exchange, services)
  const found = visible(await services.repository.vread(type, id, version), name, exchange, services)
  const touched = touch([found.resource])
  if (isKnown(exchange.request, found.version))
    return { status: 304, touched, finish: () => notModifiedReply(found) }
  return { status: 200, touched, finish: () => resourceReply(found, exchange) }
}
