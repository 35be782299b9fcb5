/**
 * Ends a resource that is in the reach of the letter `d`; its past stays. What is hidden and what never was are told
 * alike, and what was deleted before is told so to those only who might have deleted it (SCOPE-07).
 * @see FHIR R4 http, delete and conditional delete
 */
import { checkNotKept } from '../enforce.ts'
import { checkPreconditions, preconditionsOf } from '../preconditions.ts'
import { deletedReply } from '../replies.ts'
import type { Change } from '../repository.ts'
import { type Handler, type Permitted, type Prepared, type Services, touch } from './handler.ts'
import { type Known, loadKnown } from './visible.ts'
import { only, prepareWrite } from './write.ts'

export const deleteOne: Handler<'delete'> = async (exchange, services): Promise<Prepared> => {
  const { type, id } = exchange.asked
  return end(await loadKnown(type, id, `${type}/${id}`, exchange, services), [], exchange, services)
}

export const conditionalDelete: Handler<'conditional-delete'> = async (exchange, services) => {
  const { type, query } = exchange.asked
  const { match, expected } = await services.find(type, query, exchange.caller)
  if (!match) return nothingToEnd(type, expected, exchange, services)
  // Found by the letter `s`; whether it may be deleted is a question of its own.
  const known = await loadKnown(type, match.id, `${type}/${match.id}`, exchange, services)
  return end(known, [expected], exchange, services)
}

function nothingToEnd(type: string, expected: Change, permitted: Permitted, services: Services): Prepared {
  checkPreconditions(preconditionsOf(permitted.request), undefined)
  return prepareWrite(
    {
      status: 204,
      touched: touch([]),
      changes: [expected],
      reply: () => deletedReply(`such ${type}`, undefined, permitted),
    },
    services,
  )
}

function end(
  { current, content }: Known,
  expected: readonly Change[],
  permitted: Permitted,
  services: Services,
): Prepared {
  checkNotKept([content.resource], services.matches)
  const conditions = preconditionsOf(permitted.request)
  const name = `${current.type}/${current.id}`
  checkPreconditions(conditions, current)
  const { type, id, version } = current
  const deletion: Change[] = current.deleted ? [] : [{ kind: 'delete', type, id, ifMatch: version }]
  return prepareWrite(
    {
      status: 204,
      touched: touch([content.resource]),
      changes: [...expected, ...deletion],
      insists: conditions.version !== undefined,
      reply: (written) => deletedReply(name, current.deleted ? undefined : only(written).stored, permitted),
    },
    services,
  )
}
