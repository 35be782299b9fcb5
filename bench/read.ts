import { measureBeside } from './beside.ts'
import { requestSearch } from './fhir.ts'
import { type Figure, target } from './figure.ts'
import type { Pairs } from './pairs.ts'
import { startReference } from './reference/child.ts'
import { fhirRequest, type Sandbox } from './sandbox.ts'

const RESOURCES = 500
const PATIENTS = 40

/** What enforcement may cost, as a share of the time without it. */
const costOf = (ratio: number) => Math.max(0, Math.round((1 / ratio - 1) * 100))
const atMost =
  (percent: number) =>
  ({ ratio }: Pairs) =>
    target('cost', costOf(ratio), '≤', percent, '%')

/** Reads by id in a second, enforced, beside the same store read without; each read is on record in both. */
export async function measureRead(sandbox: Sandbox, data: string, of: string): Promise<Figure[]> {
  const found = await requestSearch(sandbox, `Observation?_count=${RESOURCES}`)
  const paths = found.map(({ id }) => `Observation/${id}`)
  const enforced = await measure(sandbox, data, 'audited', `read by id, enforced${of}`, paths, 15)
  const { value } = enforced
  const rate = { ...enforced, name: `reads${of}`, target: target('reads', value, '≥', 4_000, 'requests/s') }
  const onRecord = `read by id, enforced and on record${of}`
  return [enforced, rate, await measure(sandbox, data, 'unaudited', onRecord, paths)]
}

/** The laboratory results of one patient, enforced, beside the same search of the same store without. */
export async function measureSearchCost(sandbox: Sandbox, data: string, of: string): Promise<Figure[]> {
  const patients = await requestSearch(sandbox, `Patient?_count=${PATIENTS}&_sort=_id`)
  const paths = patients.map(({ id }) => `Observation?patient=${id}&category=laboratory&_count=10`)
  const enforced = await measure(sandbox, data, 'audited', `search by patient, enforced${of}`, paths, 25)
  const goal = target('searches', enforced.value, '≥', 1_000, 'requests/s')
  return [enforced, { ...enforced, name: `searches by patient${of}`, target: goal }]
}

async function measure(
  sandbox: Sandbox,
  data: string,
  audited: 'audited' | 'unaudited',
  name: string,
  paths: readonly string[],
  percent?: number,
): Promise<Figure> {
  const reference = await startReference('unenforced.ts', data, audited)
  const requests = paths.map((path) => fhirRequest(sandbox.tokens, path))
  const figure = await measureBeside({
    name,
    subject: { base: sandbox.server.base, requests },
    reference: { base: reference.base, requests },
    against: audited === 'audited' ? 'same store, not enforced' : 'same store, not enforced, not on record',
    ...(percent !== undefined && { target: atMost(percent) }),
  })
  await reference.stop()
  return figure
}
