/**
 * `$lastn`: a patient's most recent observations, the last few of each kind. They are taken from the search that the
 * parameters stand for, newest first, so that what that search does not find is not here either.
 * @see FHIR R4 Observation operations, lastn
 */
import type { Admitted } from '../../enforce.ts'
import { type Prepared, type Services, touch } from '../../interactions/handler.ts'
import { FhirError } from '../../outcomes.ts'
import { searchsetReply } from '../../searchset.ts'
import { countOf, findAll, type Question } from '../find.ts'
import { type Given, queryTextOf } from '../given.ts'
import { badParameter } from '../item.ts'
import type { Call, Operation } from '../operation.ts'
import { patientIdOf } from '../parameter-kinds.ts'
import { createKinds } from './kinds.ts'

const mostOfAKind = 100
/** Each is read to learn its kind. */
const mostRead = 20_000
const pageSize = 200
/** What one reply can hold. */
const mostShown = 1000
const mostCharacters = 16 * 1024 * 1024

export const lastn: Operation = {
  definition: () => 'http://hl7.org/fhir/OperationDefinition/Observation-lastn',
  methods: ['GET', 'POST'],
  parameters: [
    { name: 'max', kind: 'number' },
    { name: 'patient', kind: 'patient' },
    { name: 'subject', kind: 'patient' },
    { name: 'category', kind: 'search', repeats: true },
    { name: 'code', kind: 'search', repeats: true },
    { name: 'date', kind: 'search', repeats: true },
  ],
  answer: async (call, services): Promise<Prepared> => {
    const max = maxOf(call.given)
    const question = questionOf(call)
    await checkCost(question, services)
    const { matches, notes } = await gather(question, max, services)
    const searched = {
      place: 'Observation/$lastn',
      asked: { parameters: call.given.pairs },
      matches,
      included: [],
      ignored: [],
      notes,
    }
    return {
      status: 200,
      touched: touch(matches.map(({ resource }) => resource)),
      query: queryTextOf(call.given),
      finish: () => searchsetReply(searched, call, services),
    }
  },
}

function maxOf(given: Given): number {
  const max = Number(given.one('max') ?? 1)
  if (max > mostOfAKind) throw badParameter('max', `expected no more than ${mostOfAKind}`)
  return max
}

function questionOf({ given, reach }: Call): Question {
  const patient = given.one('patient') ?? given.one('subject')
  if (patient === undefined) throw badParameter('patient', 'it is needed, or subject instead')
  if (given.one('patient') !== undefined && given.one('subject') !== undefined)
    throw badParameter('subject', 'it may not be given beside patient')
  if (given.one('category') === undefined && given.one('code') === undefined)
    throw badParameter('category', 'it is needed, or code instead')
  const narrowing = given.pairs.filter(([name]) => ['category', 'code', 'date'].includes(name))
  return {
    type: 'Observation',
    parameters: [['patient', `Patient/${patientIdOf(patient)}`], ...narrowing, ['_sort', '-date']],
    reach,
  }
}

async function checkCost(question: Question, services: Services): Promise<void> {
  if ((await countOf(question, services)) > mostRead)
    throw new FhirError('tooCostly', {
      text: `More than ${mostRead} observations would have to be read: ask for a code, or by date.`,
    })
}

/** Kind by kind, in the order of their newest; of each the newest first. */
async function gather(question: Question, max: number, services: Services) {
  const kinds = createKinds<Admitted>(max)
  let shown = 0
  let room = mostCharacters
  for await (const page of findAll(question, pageSize, services))
    for (const observation of page) {
      if (!kinds.hasRoomFor(observation.resource)) continue
      room -= observation.json.length
      if (shown >= mostShown || (room < 0 && shown > 0))
        return { matches: kinds.all(), notes: [`Only the ${shown} most recent observations are shown.`] }
      kinds.add(observation.resource, observation)
      shown++
    }
  return { matches: kinds.all(), notes: [] }
}
