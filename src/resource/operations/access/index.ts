/**
 * `$access`: tells the holder of a token what it may see and do, type by type, in plain words and with counts. A count
 * is what the same token gets by searching, and is told of types that it may search only. What a privacy policy
 * withholds is neither described nor counted, and the answer is worded alike whether there is any of it or not.
 * Our own operation; see docs/guides/access-operation.md.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { resourceTypes } from '../../../smart/compartment.r4.ts'
import { readOnlyTypes } from '../../../smart/read-only.ts'
import { letterOrder } from '../../../smart/scope.ts'
import { reachFor } from '../../enforce.ts'
import type { Prepared, Services } from '../../interactions/handler.ts'
import { FhirError, fhirHeaders } from '../../outcomes.ts'
import { json } from '../../replies.ts'
import type { Caller } from '../../request.ts'
import { countOf, type Question } from '../find.ts'
import type { Given } from '../given.ts'
import type { Operation } from '../operation.ts'
import { describeAccess, isWorthTelling, type TypeAccess } from './describe.ts'

const withheldText =
  'What the privacy policies of this site withhold from whom this token stands for is left out, and is in no count.'

export const access: Operation = {
  definition: () => 'urn:chartkey:operation:access',
  methods: ['GET'],
  parameters: [{ name: '_type', kind: 'types', repeats: true }],
  answer: async ({ caller, given, preferences }, services): Promise<Prepared> => {
    const types = typesOf(given).flatMap((type) => accessTo(type, caller))
    const parameter = [
      ...contextOf(caller),
      // One after another: a caller may ask for all types at once.
      ...(await parametersOf(types, caller, services)),
      { name: 'withheld', valueString: withheldText },
    ]
    const body = json({ resourceType: 'Parameters', parameter }, preferences.pretty)
    return {
      status: 200,
      touched: { patients: caller.patient === undefined ? [] : [caller.patient], resources: [] },
      finish: () => ({ status: 200, headers: fhirHeaders, body }),
    }
  },
}

function typesOf(given: Given): readonly string[] {
  const named = new Set(given.all('_type').flatMap((value) => value.split(',').map((type) => type.trim())))
  return named.size === 0 ? resourceTypes : resourceTypes.filter((type) => named.has(type))
}

function accessTo(type: string, caller: Caller): TypeAccess[] {
  const slices = letterOrder.map((letter) => ({ letter, within: reachFor(caller, letter, type).within }))
  const found = { type, slices: slices.filter(({ within }) => within.some(isWorthTelling(type))) }
  return found.slices.length === 0 ? [] : [found]
}

function contextOf({ patient }: Caller): object[] {
  return patient === undefined
    ? []
    : [{ name: 'patient', valueReference: { reference: `Patient/${patient}` } }]
}

async function parametersOf(
  types: readonly TypeAccess[],
  caller: Caller,
  services: Services,
): Promise<object[]> {
  const parameters: object[] = []
  for (const found of types) {
    const reach = reachFor(caller, 's', found.type)
    // The trail grows with the question, and has no cheap count.
    const isCounted = !readOnlyTypes.includes(found.type) && found.slices.some(({ letter }) => letter === 's')
    const count = isCounted
      ? await countIfSoon({ type: found.type, parameters: [], reach }, services)
      : undefined
    parameters.push(parameterOf(found, count))
    // Other people's requests are waiting, too.
    if (count !== undefined) await nextTurn()
  }
  return parameters
}

/** Nothing where counting takes longer than a search may: the rest is worth telling. */
async function countIfSoon(question: Question, services: Services): Promise<number | undefined> {
  try {
    return await countOf(question, services)
  } catch (error) {
    if (error instanceof FhirError && error.error === 'tooCostly') return undefined
    throw error
  }
}

function parameterOf(found: TypeAccess, count: number | undefined): object {
  return {
    name: 'access',
    part: [
      { name: 'type', valueCode: found.type },
      ...describeAccess(found).map(({ letters, record, filter, text }) => ({
        name: 'slice',
        part: [
          { name: 'letters', valueCode: letters },
          ...record.map((reference) => ({ name: 'record', valueReference: { reference } })),
          ...(filter === '' ? [] : [{ name: 'filter', valueString: filter }]),
          { name: 'text', valueString: text },
        ],
      })),
      ...(count === undefined ? [] : [{ name: 'count', valueUnsignedInt: count }]),
    ],
  }
}
