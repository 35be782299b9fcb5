/** What the server's memory grows by while it gives a very large record away: a stream must not be held whole. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Figure, target } from './figure.ts'
import { importRecords } from './records.ts'
import { openSandbox } from './sandbox.ts'

const OBSERVATIONS = 20_000
const TIMES = 3
const SAMPLE_MS = 20

/** Mebibytes of growth beside the mebibytes that were sent. */
export async function measureEverything(
  file: string,
  data: string,
  scope: string,
  of: string,
): Promise<Figure> {
  writeFileSync(file, largeRecord())
  await importRecords(file, data)
  const { server, tokens } = await openSandbox(data, 'dr.lin', scope)
  const pid = server.process.pid ?? 0
  const ask = async () => {
    const reply = await fetch(`${server.base}/fhir/Patient/large/$everything`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    let bytes = 0
    for await (const chunk of reply.body ?? []) bytes += chunk.length
    return bytes
  }
  // The first one also fills the caches that stay.
  await ask()
  const before = residentMiB(pid)
  let most = before
  const sampling = setInterval(() => (most = Math.max(most, residentMiB(pid))), SAMPLE_MS)
  let bytes = 0
  for (let time = 0; time < TIMES; time++) bytes = await ask()
  clearInterval(sampling)
  await server.stop()
  const [value, reference] = [most - before, bytes / 1_048_576]
  return {
    name: `memory for $everything of ${OBSERVATIONS.toLocaleString('en')}${of}`,
    value,
    unit: 'MiB',
    reference,
    against: 'MiB sent',
    ratio: value / reference,
    target: target('ratio', value / reference, '≤', 1),
  }
}

function residentMiB(pid: number): number {
  const [, kibibytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) / 1_024
}

function largeRecord(): string {
  const patient = { resourceType: 'Patient', id: 'large', name: [{ family: 'Large' }] }
  const observations = Array.from({ length: OBSERVATIONS }, (_, at) => ({
    resourceType: 'Observation',
    id: `large-${at}`,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: 'Patient/large' },
    effectiveDateTime: new Date(Date.UTC(2020, 0, 1) + at * 3_600_000).toISOString(),
    valueQuantity: { value: 60 + (at % 40), unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  }))
  return [patient, ...observations].map((resource) => `${JSON.stringify(resource)}\n`).join('')
}
