/**
 * `$docref`: a patient's documents, by type and by the time of the care that they tell of; without any time, the most
 * recent one. A range of time is a search under another name, and answered by it: the same reach, checks and pages.
 * @see US Core, OperationDefinition docref
 */
import { type Prepared, type Services, touch } from '../interactions/handler.ts'
import { searchType } from '../interactions/search.ts'
import { FhirError } from '../outcomes.ts'
import { searchsetReply } from '../searchset.ts'
import { findPage } from './find.ts'
import type { Given } from './given.ts'
import type { Call, Operation } from './operation.ts'
import { patientIdOf } from './parameter-kinds.ts'

type Pair = [string, string]

const type = 'DocumentReference'

export const docref: Operation = {
  definition: () => 'http://hl7.org/fhir/us/core/OperationDefinition/docref',
  methods: ['GET', 'POST'],
  parameters: [
    { name: 'patient', kind: 'patient', required: true },
    { name: 'start', kind: 'date' },
    { name: 'end', kind: 'date' },
    { name: 'type', kind: 'search' },
    { name: 'on-demand', kind: 'boolean' },
    { name: 'profile', kind: 'text', repeats: true },
  ],
  answer: async (call, services): Promise<Prepared> => {
    checkSupported(call.given)
    const [start, end] = [call.given.one('start'), call.given.one('end')]
    const query = queryOf(call.given)
    if (start === undefined && end === undefined) return mostRecent(query, call, services)
    if (start !== undefined) query.push(['period', `ge${start}`])
    if (end !== undefined) query.push(['period', `le${end}`])
    return search(query, call, services)
  },
}

function checkSupported(given: Given): void {
  if (given.one('on-demand') === 'true')
    throw unsupported('on-demand', 'this server keeps documents and makes none on demand')
  if (given.all('profile').length > 0)
    throw unsupported('profile', 'documents cannot be chosen by profile on this server')
}

function unsupported(name: string, text: string): FhirError {
  return new FhirError('unsupported', { text: `${name}: ${text}.` })
}

function queryOf(given: Given): Pair[] {
  const code = given.one('type')
  const patient: Pair = ['patient', `Patient/${patientIdOf(given.one('patient') ?? '')}`]
  return code === undefined ? [patient] : [patient, ['type', code]]
}

async function mostRecent(query: Pair[], call: Call, services: Services): Promise<Prepared> {
  const parameters: Pair[] = [...query, ['status', 'current'], ['_sort', '-date']]
  const { matches } = await findPage({ type, parameters, reach: call.reach }, 1, services)
  const searched = {
    place: type,
    asked: { parameters: [...parameters, ['_count', '1'] as Pair] },
    matches,
    included: [],
    ignored: [],
    notes: [],
  }
  return {
    status: 200,
    touched: touch(matches.map(({ resource }) => resource)),
    query: String(new URLSearchParams(parameters)),
    finish: () => searchsetReply(searched, call, services),
  }
}

function search(query: Pair[], { given: _, ...call }: Call, services: Services): Promise<Prepared> {
  const parameters = new URLSearchParams(query)
  const search = String(parameters)
  const asked = { kind: 'search-type', type, query: search } as const
  const request = { ...call.request, method: 'GET', search, body: '', contentType: '' }
  return searchType({ ...call, asked, request, parameters }, services)
}
