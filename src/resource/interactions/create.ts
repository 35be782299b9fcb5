/**
 * Stores a new resource under an id of ours. The resource, as it will be stored, has to be in the reach of the letter
 * `c`; otherwise it is refused and nothing is stored (SCOPE-04, SCOPE-17, SCOPE-20). @see FHIR R4 http, create
 */
import { parseBody } from '../body.ts'
import { admitWritten, checkWritable } from '../enforce.ts'
import { asStored, checkValid } from '../incoming.ts'
import { checkUnconditionalCreate } from '../preconditions.ts'
import { writtenReply } from '../replies.ts'
import { type Handler, type Prepared, touch } from './handler.ts'

export const create: Handler<'create'> = async (exchange, services): Promise<Prepared> => {
  const { asked, request, reach } = exchange
  const { repository, matches, base, now, newId } = services
  checkUnconditionalCreate(request)
  const body = parseBody(request, asked.type)
  const resource = asStored(body, { id: newId(), version: '1', base, now: now() })
  checkWritable(resource, undefined, reach, matches)
  checkValid(resource)
  return {
    status: 201,
    touched: touch([resource]),
    finish: async () => writtenReply(admitWritten(await repository.create(resource)), 201, base, exchange),
  }
}
