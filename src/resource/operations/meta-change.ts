/**
 * `$meta-add` and `$meta-delete`: put profiles, tags and security labels on a resource, and take them off. Judged and
 * stored like an update that changes nothing else, as a version of its own. @see FHIR R4 Resource operations, meta-add
 */
import { type MetaItems, withItems, withoutItems } from '../../smart/labels.ts'
import type { Resource } from '../../smart/resource.ts'
import { admitAny } from '../binary.ts'
import { reachFor } from '../enforce.ts'
import { parseExact } from '../exact-json.ts'
import { type Prepared, type Services, touch } from '../interactions/handler.ts'
import { visible } from '../interactions/visible.ts'
import { judge, only, prepareWrite } from '../interactions/write.ts'
import { checkPreconditions, preconditionsOf } from '../preconditions.ts'
import { json, versionHeaders } from '../replies.ts'
import type { Stored } from '../repository.ts'
import type { Call, Operation } from './operation.ts'
import { readMeta } from './parameter-kinds.ts'

type Change = (resource: Resource, items: MetaItems) => Resource

export const metaAdd = changing('meta-add', withItems)
export const metaDelete = changing('meta-delete', withoutItems)

function changing(name: string, change: Change): Operation {
  return {
    definition: () => `http://hl7.org/fhir/OperationDefinition/Resource-${name}`,
    methods: ['POST'],
    parameters: [{ name: 'meta', kind: 'meta', required: true }],
    answer: (call, services) => changeMeta(change, call, services),
  }
}

async function changeMeta(change: Change, call: Call, services: Services): Promise<Prepared> {
  const { type = '', id = '' } = call.asked
  const name = `${type}/${id} that this access token may update`
  const current = await visible(await services.repository.read(type, id), name, call, services)
  const conditions = preconditionsOf(call.request)
  checkPreconditions(conditions, current)
  const items = readMeta(call.given.one('meta') ?? '') ?? {}
  const body = change(parseExact(current.json) as Resource, items)
  const resource = await judge(body, id, current, call, services)
  const mayRead = await isReadable([current, { ...current, resource }], call, services)
  return prepareWrite(
    {
      status: 200,
      touched: touch([current.resource, resource]),
      changes: [{ kind: 'put', resource, ifMatch: current.version }],
      insists: conditions.version !== undefined,
      reply: (written) => {
        const { stored } = only(written)
        const told = mayRead ? stored.resource.meta : { versionId: stored.version }
        const body = json(
          { resourceType: 'Parameters', parameter: [{ name: 'return', valueMeta: told }] },
          call.preferences.pretty,
        )
        return { status: 200, headers: versionHeaders(stored), body }
      },
    },
    services,
  )
}

/** The other labels of a resource are shown to those alone who may read it, before and after. */
async function isReadable(both: readonly Stored[], { caller }: Call, services: Services): Promise<boolean> {
  const asking = { caller, reach: reachFor(caller, 'r', both[0]?.type ?? '') }
  const seen = await Promise.all(both.map((stored) => admitAny(stored, asking, services)))
  return seen.every(Boolean)
}
