import { requestSearch } from './fhir.ts'
import { type Figure, target } from './figure.ts'
import { drive } from './load/driver.ts'
import { measurePairs } from './pairs.ts'
import { fhirRequest, type Sandbox } from './sandbox.ts'

const ROUNDS = 9
const SECONDS_PER_SLICE = 2
const PATIENTS = 40

/**
 * Milliseconds for the laboratory results of one patient in a large store, beside the same search for the same patients
 * in a small one: the number of other patients must not matter.
 */
export async function measureSearch(large: Sandbox, small: Sandbox, name: string): Promise<Figure> {
  const patients = await requestSearch(small, `Patient?_count=${PATIENTS}&_sort=_id`)
  const searchAll = async ({ server, tokens }: Sandbox) => {
    const requests = patients.map(({ id }) =>
      fhirRequest(tokens, `Observation?patient=${id}&category=laboratory&_count=50`),
    )
    const load = {
      base: server.base,
      requests,
      connections: 1,
      manner: 'repeat',
      seconds: SECONDS_PER_SLICE,
    } as const
    return (await drive(load)).medianMs
  }
  const pairs = await measurePairs(
    ROUNDS,
    () => searchAll(large),
    () => searchAll(small),
  )
  return {
    name,
    value: pairs.subject,
    unit: 'ms',
    reference: pairs.reference,
    against: 'the same in the small store',
    ratio: pairs.ratio,
    target: target('ratio', pairs.ratio, '≤', 1.25),
  }
}
