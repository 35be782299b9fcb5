/**
 * Stores a new resource under an id of ours. The resource, as it will be stored, has to be in the reach of the letter
 * `c`; otherwise it is refused and nothing is stored (SCOPE-04, SCOPE-17, SCOPE-20). With a condition nothing is stored
 * when it names a resource already. @see FHIR R4 http, create and conditional create
 */
import type { Resource } from '../../smart/resource.ts'
import { parseWritten } from '../binary-body.ts'
import { type Admitted, admitWritten } from '../enforce.ts'
import { checkCreateHeaders } from '../preconditions.ts'
import { writtenReply } from '../replies.ts'
import type { Change } from '../repository.ts'
import { type Handler, type Permitted, type Prepared, type Services, touch } from './handler.ts'
import { judge, only, prepareWrite } from './write.ts'

export const create: Handler<'create'> = async (exchange, services): Promise<Prepared> => {
  const { asked, request, caller } = exchange
  checkCreateHeaders(request)
  const body = parseWritten(request, asked.type)
  if (asked.ifNoneExist === undefined) return prepareNew(body, [], exchange, services)
  const { match, expected } = await services.find(asked.type, asked.ifNoneExist, caller)
  return match
    ? prepareFound(match, expected, exchange, services)
    : prepareNew(body, [expected], exchange, services)
}

/** A resource that is stored under a new id, `if` what is expected still holds. */
export async function prepareNew(
  body: Resource,
  expected: readonly Change[],
  permitted: Permitted,
  services: Services,
): Promise<Prepared> {
  const resource = await judge(body, services.newId(), undefined, permitted, services)
  return prepareWrite(
    {
      status: 201,
      touched: touch([resource]),
      changes: [...expected, { kind: 'put', resource, ifAbsent: true }],
      reply: (written) => writtenReply(admitWritten(only(written).stored), 201, services.base, permitted),
    },
    services,
  )
}

/** What the condition named is told as it is; the caller could have found it by a search. */
function prepareFound(match: Admitted, expected: Change, permitted: Permitted, services: Services): Prepared {
  return prepareWrite(
    {
      status: 200,
      touched: touch([match.resource]),
      changes: [expected],
      reply: () => writtenReply(match, 200, services.base, permitted),
    },
    services,
  )
}
