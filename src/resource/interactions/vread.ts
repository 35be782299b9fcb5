/**
 * Answers a read of one version. Both that version and the current one have to be in reach: what was moved out of reach,
 * or labelled since, does not stay open through its past (SCOPE-05). A deleted resource is judged by its last version
 * that has content. @see FHIR R4 http, vread
 */
import { isKnown } from '../preconditions.ts'
import { rawReply, wantsRaw } from '../raw-content.ts'
import { notModifiedReply, resourceReply } from '../replies.ts'
import { type Handler, type Prepared, touchStored } from './handler.ts'
import { gone, loadKnown, visible } from './visible.ts'

export const vread: Handler<'vread'> = async (exchange, services): Promise<Prepared> => {
  const { type, id, version } = exchange.asked
  const name = `${type}/${id}/_history/${version}`
  const known = await loadKnown(type, id, name, exchange, services)
  const stored = await services.repository.vread(type, id, version)
  if (stored?.deleted) await checkDeletion(Number(version), exchange, services, name)
  if (stored?.deleted) throw gone(`${type}/${id}`, { ...known, current: stored })
  const found = await visible(stored, name, exchange, services)
  const touched = touchStored([found])
  if (isKnown(exchange.request, found)) return { status: 304, touched, finish: () => notModifiedReply(found) }
  const reply = wantsRaw(exchange) ? rawReply(found, exchange) : resourceReply(found, exchange)
  return { status: 200, touched, finish: () => reply }
}

/** A deletion is told to whom the version that it ended may be shown. */
async function checkDeletion(
  version: number,
  exchange: Parameters<Handler<'vread'>>[0],
  services: Parameters<Handler<'vread'>>[1],
  name: string,
): Promise<void> {
  const { type, id } = exchange.asked
  await visible(await services.repository.vread(type, id, String(version - 1)), name, exchange, services)
}
