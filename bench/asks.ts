/** What apps ask beside plain reads, in a large store beside the same in a small one: what else is stored must not matter. */
import { requestSearch, searchTotal } from './fhir.ts'
import { type Figure, target } from './figure.ts'
import { drive, type Request } from './load/driver.ts'
import { measurePairs } from './pairs.ts'
import { fhirRequest, type Sandbox } from './sandbox.ts'

const ROUNDS = 5
const SECONDS_PER_SLICE = 2
const PATIENTS = 40
const ENTRIES = 100
/** How much more than its result a request may grow. */
const GROWTH = 1.25

interface Patient {
  readonly id: string
  readonly identifier?: readonly { readonly system?: string; readonly value?: string }[]
}

interface Ask {
  readonly name: string
  /** Paths below the FHIR base, for patients that both stores have. */
  readonly paths: (patients: readonly Patient[]) => readonly string[]
  /** A search whose total is the size of the result, where that grows with the store. */
  readonly size?: string
}

const heartRates = 'Observation?code=http://loinc.org|8867-4&date=ge2025-07-01&_sort=-date'

const asks: readonly Ask[] = [
  {
    name: 'search, one patient',
    paths: (patients) => patients.map(({ id }) => `Observation?patient=${id}&category=laboratory&_count=50`),
  },
  {
    name: 'search by code and date, sorted',
    paths: () => [`${heartRates}&_count=10`],
    size: `${heartRates}&_count=0`,
  },
  {
    name: 'search by a chain',
    paths: (patients) =>
      patients.flatMap(({ identifier: [one] = [] }) =>
        one ? [`Condition?patient.identifier=${one.system}|${one.value}&_count=10`] : [],
      ),
  },
  {
    name: 'search with inclusions',
    paths: (patients) =>
      patients.map(
        ({ id }) =>
          `MedicationRequest?patient=${id}&_include=MedicationRequest:requester&_include=MedicationRequest:encounter`,
      ),
  },
  { name: '$everything', paths: (patients) => patients.map(({ id }) => `Patient/${id}/$everything`) },
]

/** Milliseconds for each kind of question; the ratio is that to the small store, result for result. */
export async function measureAsks(large: Sandbox, small: Sandbox, of: string): Promise<Figure[]> {
  // From the end: at the beginning are the people of the sandbox, of whom one has decided about an app for every code that was measured.
  const patients = (await requestSearch(small, `Patient?_count=${PATIENTS}&_sort=-_id`)) as readonly Patient[]
  const figures: Figure[] = []
  for (const { name, paths, size } of asks) {
    const growth = size ? (await searchTotal(large, size)) / (await searchTotal(small, size)) : 1
    const list = paths(patients)
    figures.push(
      await measure(`${name}${of}`, large, small, growth, ({ tokens }) =>
        list.map((path) => fhirRequest(tokens, path)),
      ),
    )
  }
  figures.push(
    await measure(`transaction of ${ENTRIES} entries${of}`, large, small, 1, ({ tokens }) => [
      transaction(tokens, patients),
    ]),
  )
  return figures
}

async function measure(
  name: string,
  large: Sandbox,
  small: Sandbox,
  growth: number,
  requestsOf: (sandbox: Sandbox) => readonly Request[],
): Promise<Figure> {
  const askAll = async (sandbox: Sandbox) => {
    const { medianMs } = await drive({
      base: sandbox.server.base,
      requests: requestsOf(sandbox),
      connections: 1,
      manner: 'repeat',
      seconds: SECONDS_PER_SLICE,
    })
    return medianMs
  }
  const pairs = await measurePairs(
    ROUNDS,
    () => askAll(large),
    () => askAll(small),
  )
  const ratio = pairs.ratio / growth
  const against = growth === 1 ? 'the same in the small store' : 'the small store, result for result'
  return {
    name,
    value: pairs.subject,
    unit: 'ms',
    reference: pairs.reference,
    against,
    ratio,
    target: target('ratio', ratio, '≤', GROWTH),
  }
}

/** New Observations of one patient, all or none of them. */
function transaction({ access_token }: Sandbox['tokens'], [patient]: readonly Patient[]): Request {
  const resource = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
    subject: { reference: `Patient/${patient?.id}` },
    effectiveDateTime: '2020-01-01T00:00:00Z',
    valueQuantity: { value: 70, system: 'http://unitsofmeasure.org', code: '/min' },
  }
  const entry = Array.from({ length: ENTRIES }, () => ({
    resource,
    request: { method: 'POST', url: 'Observation' },
  }))
  return {
    method: 'POST',
    path: '/fhir',
    headers: {
      authorization: `Bearer ${access_token}`,
      'content-type': 'application/fhir+json',
      accept: 'application/fhir+json',
      prefer: 'return=minimal',
    },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  }
}
