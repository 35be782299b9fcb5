/**
 * Replaces a resource, or stores one under an id of the caller's choice. What is there has to be in the reach of the
 * letter `u`, and so has what will be there (SCOPE-06; annex F, AMB-25): no record is moved out of or into reach.
 * @see FHIR R4 http, update
 */
import type { Resource } from '../../smart/resource.ts'
import { isUnlimited } from '../../smart/slice.ts'
import { parseBody } from '../body.ts'
import { admitWritten, checkWritable } from '../enforce.ts'
import { asStored, checkValid } from '../incoming.ts'
import { FhirError } from '../outcomes.ts'
import { requiredVersion } from '../preconditions.ts'
import { writtenReply } from '../replies.ts'
import { isVersionConflict, type Stored } from '../repository.ts'
import type { FhirReply } from '../request.ts'
import { type Exchange, type Handler, type Prepared, type Services, touch } from './handler.ts'
import { visible } from './visible.ts'

type Update = Exchange<'update'>

export const update: Handler<'update'> = async (exchange, services): Promise<Prepared> => {
  const { type, id } = exchange.asked
  const required = requiredVersion(exchange.request)
  const body = parseBody(exchange.request, type, id)
  const current = replaceable(await services.repository.read(type, id), exchange, services)
  if (required !== undefined && required !== current?.version) throw new FhirError('stale')
  const resource = resourceToStore(body, current, exchange, services)
  return {
    status: current ? 200 : 201,
    touched: touch(current ? [current.resource, resource] : [resource]),
    finish: () => store(resource, current, required, exchange, services),
  }
}

/**
 * What the update replaces; nothing when it creates.
 * A free id and a hidden one must be told alike. A hidden resource cannot be replaced, so a free id may not be taken
 * either, unless the caller may update every resource of the type, and nothing of it is hidden: else the answer to an
 * attempt would tell which ids exist. Everybody else creates by POST, under an id of ours.
 */
function replaceable(stored: Stored | undefined, exchange: Update, services: Services): Stored | undefined {
  const { type, id } = exchange.asked
  const free = !stored || stored.deleted
  if (free && isUnlimited(exchange.reach, type)) return undefined
  return visible(stored, `${type}/${id} that this access token may update`, exchange, services)
}

function resourceToStore(
  body: Resource,
  current: Stored | undefined,
  exchange: Update,
  { base, now, matches }: Services,
): Resource {
  const version = String(Number(current?.version ?? 0) + 1)
  const resource = asStored(body, { id: exchange.asked.id, version, base, now: now() })
  checkWritable(resource, current?.resource, exchange.reach, matches)
  checkValid(resource)
  return resource
}

async function store(
  resource: Resource,
  current: Stored | undefined,
  required: string | undefined,
  exchange: Update,
  { repository, base }: Services,
): Promise<FhirReply> {
  try {
    // The version that was judged is the one that is replaced, whether the caller asked for that or not.
    const { stored, created } = await repository.update(resource, current ? { ifMatch: current.version } : {})
    return writtenReply(admitWritten(stored), created ? 201 : 200, base, exchange)
  } catch (error) {
    if (!isVersionConflict(error)) throw error
    throw new FhirError(required === undefined ? 'raced' : 'stale')
  }
}
