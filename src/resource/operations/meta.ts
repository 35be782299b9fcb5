/**
 * `$meta`: the profiles, security labels and tags of one resource, or all that are in use among those of a type, or of
 * this server, that the caller may find. What the caller may not find has no part in it.
 * @see FHIR R4 Resource operations, meta
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { resourceTypes } from '../../smart/compartment.r4.ts'
import { readOnlyTypes } from '../../smart/read-only.ts'
import type { Reach } from '../../smart/slice.ts'
import { reachFor } from '../enforce.ts'
import { type Prepared, type Services, touch } from '../interactions/handler.ts'
import { visible } from '../interactions/visible.ts'
import { FhirError, fhirHeaders } from '../outcomes.ts'
import { json } from '../replies.ts'
import { countOf, findAll, type Question } from './find.ts'
import { createMetaSummary } from './meta-summary.ts'
import type { Call, Operation } from './operation.ts'

/** Each is read: more than this is no question that a client waits for. */
const mostResources = 10_000
/** The labels of the audit trail say nothing of the records here. */
const labelled = resourceTypes.filter((type) => !readOnlyTypes.includes(type))
const pageSize = 200
/** A resource without any of these adds nothing. */
const summarised = ['_profile', '_security', '_tag']

export const meta: Operation = {
  definition: () => 'http://hl7.org/fhir/OperationDefinition/Resource-meta',
  methods: ['GET', 'POST'],
  parameters: [],
  answer: (call, services) =>
    call.asked.id === undefined ? metaInUse(call, services) : metaOfOne(call, call.asked.id, services),
}

async function metaOfOne(call: Call, id: string, services: Services): Promise<Prepared> {
  const { type = '' } = call.asked
  const found = await visible(await services.repository.read(type, id), `${type}/${id}`, call, services)
  return prepared(found.resource.meta ?? {}, call, touch([found.resource]))
}

async function metaInUse(call: Call, services: Services): Promise<Prepared> {
  const { asked, caller } = call
  const types = asked.type === undefined ? labelled : [asked.type]
  const questions = types.flatMap((type) => questionsOf(type, reachFor(caller, 's', type)))
  await checkCost(questions, services)
  const summary = createMetaSummary()
  for (const question of questions)
    for await (const page of findAll(question, pageSize, services))
      for (const { resource } of page) summary.add(resource.meta ?? {})
  // Of whole types no single resource is shown, only what labels there are.
  return prepared(summary.meta(), call, { patients: [], resources: [] })
}

function questionsOf(type: string, reach: Reach): Question[] {
  if (reach.within.length === 0) return []
  return summarised.map((name) => ({ type, parameters: [[`${name}:missing`, 'false']], reach }))
}

async function checkCost(questions: readonly Question[], services: Services): Promise<void> {
  let room = mostResources
  for (const question of questions) {
    room -= await countOf(question, services)
    await nextTurn()
    if (room < 0)
      throw new FhirError('tooCostly', {
        text: `More than ${mostResources} resources would have to be read: ask for one type, or with a narrower scope.`,
      })
  }
}

function prepared(value: object, { preferences }: Call, touched: Prepared['touched']): Prepared {
  // An empty value is not FHIR.
  const parameter = Object.keys(value).length > 0 && [{ name: 'return', valueMeta: value }]
  const body = json({ resourceType: 'Parameters', ...(parameter && { parameter }) }, preferences.pretty)
  return { status: 200, touched, finish: () => ({ status: 200, headers: fhirHeaders, body }) }
}
