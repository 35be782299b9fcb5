/**
 * Changes parts of a resource. It is judged, validated and stored like an update: what is there and what will be there
 * are both in the reach of the letter `u` (SCOPE-06; annex F, AMB-25). What a patch leaves alone is shown to those only
 * who may read it, and only they may ask in a patch what it is. @see FHIR R4 http, patch
 */
import type { Resource } from '../../smart/resource.ts'
import { admitAny } from '../binary.ts'
import { checkPatched } from '../body.ts'
import { type Admitted, permit } from '../enforce.ts'
import { parseExact } from '../exact-json.ts'
import { type Patch, parsePatch } from '../patch/parse-patch.ts'
import { checkPreconditions, preconditionsOf } from '../preconditions.ts'
import type { Change } from '../repository.ts'
import { type Handler, type Permitted, type Prepared, type Services, touch } from './handler.ts'
import { noSuch, visible } from './visible.ts'
import { judge, prepareWrite } from './write.ts'
import { replyToWriter } from './writer-reply.ts'

export const patch: Handler<'patch'> = async (exchange, services): Promise<Prepared> => {
  const { type, id } = exchange.asked
  const patched = parsePatch(exchange.request)
  const current = await visible(
    await services.repository.read(type, id),
    `${type}/${id}${ofWhich}`,
    exchange,
    services,
  )
  return change(patched, current, [], exchange, services)
}

export const conditionalPatch: Handler<'conditional-patch'> = async (exchange, services) => {
  const { request, asked, caller } = exchange
  const { type, query } = asked
  const patched = parsePatch(request)
  const { match, expected } = await services.find(type, query, caller)
  if (!match) throw noSuch(`such ${type}`)
  const current = await visible(match, `${type}/${match.id}${ofWhich}`, exchange, services)
  return change(patched, current, [expected], exchange, services)
}

const ofWhich = ' that this access token may update'

async function change(
  { apply, asks }: Patch,
  current: Admitted,
  expected: readonly Change[],
  permitted: Permitted,
  services: Services,
): Promise<Prepared> {
  const { type, id, version } = current
  const conditions = preconditionsOf(permitted.request)
  checkPreconditions(conditions, current)
  if (asks) await checkReadable(current, permitted, services)
  const body: Resource = checkPatched(apply(parseExact(current.json)), type, id)
  const resource = await judge(body, id, current, permitted, services)
  return prepareWrite(
    {
      status: 200,
      touched: touch([current.resource, resource]),
      changes: [...expected, { kind: 'put', resource, ifMatch: version }],
      insists: conditions.version !== undefined,
      reply: await replyToWriter(current, resource, 200, permitted, services),
    },
    services,
  )
}

async function checkReadable(current: Admitted, permitted: Permitted, services: Services): Promise<void> {
  const { caller } = permitted
  const { type, id } = current
  const reach = permit(caller, { kind: 'read', type, id }, services.base)
  if (!(await admitAny(current, { caller, reach }, services)))
    throw noSuch(`${type}/${id} that this access token may read`)
}
