/** The server's memory while it gives a very large record away, beside a smaller one: a stream must not be held whole. */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Figure, target } from './figure.ts'
import { importRecords } from './records.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'

const LARGE = 20_000
const SMALL = 2_000
/** As many resources are sent of each, so that both have the same time to leave garbage behind. */
const RESOURCES_SENT = 120_000
const SAMPLE_MS = 20

/** The most resident memory, in mebibytes, during the one and during the other. */
export async function measureEverything(
  file: string,
  data: string,
  scope: string,
  of: string,
): Promise<Figure> {
  writeFileSync(file, [...record('small', SMALL), ...record('large', LARGE)].join('\n'))
  await importRecords([file], data)
  const sandbox = await openSandbox(data, 'dr.lin', scope)
  const reference = await mostMemory(sandbox, 'small', RESOURCES_SENT / SMALL)
  const value = await mostMemory(sandbox, 'large', RESOURCES_SENT / LARGE)
  await sandbox.server.stop()
  return {
    name: `memory, $everything of ${LARGE.toLocaleString('en')}${of}`,
    value,
    unit: 'MiB',
    reference,
    against: `a record of ${SMALL.toLocaleString('en')}`,
    ratio: value / reference,
    target: target('ratio', value / reference, '≤', 1.25),
  }
}

async function mostMemory({ server, tokens }: Sandbox, patient: string, times: number): Promise<number> {
  let most = 0
  const sampling = setInterval(() => (most = Math.max(most, residentMiB(server.process.pid))), SAMPLE_MS)
  for (let time = 0; time < times; time++) {
    const reply = await fetch(`${server.base}/fhir/Patient/${patient}/$everything`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    // Read as fast as it comes, and thrown away.
    for await (const _chunk of reply.body ?? []);
  }
  clearInterval(sampling)
  return most
}

function residentMiB(pid: number | undefined): number {
  const [, kibibytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) / 1_024
}

/** A patient with that many heart rates, one resource a line. */
function record(id: string, count: number): string[] {
  const patient = { resourceType: 'Patient', id, name: [{ family: 'Record' }] }
  const observations = Array.from({ length: count }, (_, at) => ({
    resourceType: 'Observation',
    id: `${id}-${at}`,
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' }] },
    subject: { reference: `Patient/${id}` },
    effectiveDateTime: new Date(Date.UTC(2020, 0, 1) + at * 3_600_000).toISOString(),
    valueQuantity: { value: 60 + (at % 40), unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  }))
  return [patient, ...observations].map((resource) => JSON.stringify(resource))
}
