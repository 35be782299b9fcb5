/**
 * Replaces a resource, or stores one under an id of the caller's choice. What is there has to be in the reach of the
 * letter `u`, and so has what will be there (SCOPE-06; annex F, AMB-25): no record is moved out of or into reach.
 * Tags and security labels stay on what is replaced, whether the new content has them or not.
 * @see FHIR R4 http, update and conditional update
 */
import { labelsAdded, withLabelsOf } from '../../smart/labels.ts'
import type { Resource } from '../../smart/resource.ts'
import { isUnlimited } from '../../smart/slice.ts'
import { parseWritten } from '../binary-body.ts'
import { parseBody } from '../body.ts'
import { admitWritten, permit } from '../enforce.ts'
import { FhirError } from '../outcomes.ts'
import { checkPreconditions, preconditionsOf } from '../preconditions.ts'
import { writtenReply } from '../replies.ts'
import type { Change, Stored } from '../repository.ts'
import { prepareNew } from './create.ts'
import {
  type Exchange,
  type Handler,
  type Permitted,
  type Prepared,
  type Services,
  touch,
} from './handler.ts'
import { visible } from './visible.ts'
import { judge, only, prepareWrite } from './write.ts'
import { replyToWriter } from './writer-reply.ts'

interface Place {
  readonly type: string
  readonly id: string
}

export const update: Handler<'update'> = async (exchange, services): Promise<Prepared> => {
  const { type, id } = exchange.asked
  const body = parseWritten(exchange.request, type, id)
  const current = await loadReplaceable(exchange.asked, exchange, services)
  return replace(body, exchange.asked, current, [], exchange, services)
}

export const conditionalUpdate: Handler<'conditional-update'> = async (exchange, services) => {
  const { request, asked, caller } = exchange
  const { type } = asked
  const body = parseBody(request, type)
  const { match, expected } = await services.find(type, asked.query, caller)
  if (!match) return createInstead(body, expected, exchange, services)
  if (body.id !== undefined && body.id !== match.id)
    throw new FhirError('contradiction', {
      text: 'The resource has another id than the one that the condition names.',
      expression: `${type}.id`,
    })
  // Found by the letter `s`; whether it may be changed is a question of its own.
  const current = await visible(match, `${type}/${match.id}${ofWhich}`, exchange, services)
  return replace(body, { type, id: match.id }, current, [expected], exchange, services)
}

/** Under the id that the resource brings along, or under one of ours, for which the letter `c` is needed. */
async function createInstead(
  body: Resource,
  expected: Change,
  exchange: Exchange<'conditional-update'>,
  services: Services,
): Promise<Prepared> {
  const { caller, asked } = exchange
  const { type } = asked
  checkPreconditions(preconditionsOf(exchange.request), undefined)
  if (body.id === undefined) {
    const reach = permit(caller, { kind: 'create', type }, services.base)
    return prepareNew(body, [expected], { ...exchange, reach }, services)
  }
  const place = { type, id: body.id }
  if (await loadReplaceable(place, exchange, services))
    throw new FhirError('contradiction', {
      text: 'The condition names no resource, and the id of the body is taken by one.',
      expression: `${type}.id`,
    })
  return replace(body, place, undefined, [expected], exchange, services)
}

const ofWhich = ' that this access token may update'

/**
 * What the update replaces; nothing when it creates.
 * A free id and a hidden one must be told alike. A hidden resource cannot be replaced, so a free id may not be taken
 * either, unless the caller may update every resource of the type, and nothing of it is hidden: else the answer to an
 * attempt would tell which ids exist. Everybody else creates by POST, under an id of ours.
 */
async function loadReplaceable(
  { type, id }: Place,
  permitted: Permitted,
  services: Services,
): Promise<Stored | undefined> {
  const stored = await services.repository.read(type, id)
  const free = !stored || stored.deleted
  if (free && isUnlimited(permitted.reach, type)) return undefined
  return visible(stored, `${type}/${id}${ofWhich}`, permitted, services)
}

async function replace(
  body: Resource,
  { type, id }: Place,
  current: Stored | undefined,
  expected: readonly Change[],
  permitted: Permitted,
  services: Services,
): Promise<Prepared> {
  const conditions = preconditionsOf(permitted.request)
  checkPreconditions(conditions, current)
  const before = current ?? (await loadEnded(type, id, services))
  const labelled = before ? withLabelsOf(body, before.resource) : body
  const resource = await judge(labelled, id, current, permitted, services)
  // The version that was judged is the one that is replaced, whether the caller asked for that or not.
  const guard = current ? { ifMatch: current.version } : { ifAbsent: true }
  const status = current ? 200 : 201
  return prepareWrite(
    {
      status,
      touched: touch(current ? [current.resource, resource] : [resource]),
      changes: [...expected, { kind: 'put', resource, ...guard }],
      insists: conditions.version !== undefined,
      reply:
        before && labelsAdded(body, labelled).length > 0
          ? await replyToWriter(before, resource, status, permitted, services)
          : (written) => writtenReply(admitWritten(only(written).stored), status, services.base, permitted),
    },
    services,
  )
}

/** The last content of a deleted resource: what comes back under its id comes back with its labels. */
async function loadEnded(type: string, id: string, { repository }: Services): Promise<Stored | undefined> {
  const stored = await repository.read(type, id)
  return stored?.deleted ? repository.vread(type, id, String(Number(stored.version) - 1)) : undefined
}
