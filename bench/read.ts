import { requestSearch } from './fhir.ts'
import { type Figure, target } from './figure.ts'
import { drive } from './load/driver.ts'
import { measurePairs } from './pairs.ts'
import { startReference } from './reference/child.ts'
import { fhirRequest, type Sandbox } from './sandbox.ts'

const ROUNDS = 9
const SECONDS_PER_SLICE = 2
const RESOURCES = 500
const CONNECTIONS = 8

/** Reads by id in a second, enforced, beside the same store read without; each read is on record in both. */
export function measureRead(sandbox: Sandbox, data: string): Promise<Figure> {
  return measure(sandbox, data, 'audited', 'read by id, enforced')
}

/** The same, beside reads that are not put on record: what the audit trail costs on top. */
export function measureAuditedRead(sandbox: Sandbox, data: string): Promise<Figure> {
  return measure(sandbox, data, 'unaudited', 'read by id, enforced and on record')
}

async function measure(
  sandbox: Sandbox,
  data: string,
  audited: 'audited' | 'unaudited',
  name: string,
): Promise<Figure> {
  const found = await requestSearch(sandbox, `Observation?_count=${RESOURCES}`)
  const requests = found.map(({ id }) => fhirRequest(sandbox.tokens, `Observation/${id}`))
  const reference = await startReference('read.ts', data, audited)
  const readAll = async (base: string) => {
    const load = {
      base,
      requests,
      connections: CONNECTIONS,
      manner: 'repeat',
      seconds: SECONDS_PER_SLICE,
    } as const
    return (await drive(load)).perSecond
  }
  const pairs = await measurePairs(
    ROUNDS,
    () => readAll(sandbox.server.base),
    () => readAll(reference.base),
  )
  await reference.stop()
  const figure = {
    name,
    value: pairs.subject,
    unit: 'requests/s',
    reference: pairs.reference,
    ratio: pairs.ratio,
  }
  const cost = Math.max(0, Math.round((1 / pairs.ratio - 1) * 100))
  return audited === 'audited'
    ? { ...figure, against: 'same store, not enforced', target: target('cost', cost, '≤', 15, '%') }
    : { ...figure, against: 'same store, not enforced, not on record' }
}
