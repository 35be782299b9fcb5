/**
 * `npm run bench`: measures, prints a line a figure, and writes bench/results.json. What falls short of its
 * target says so; the exit code is 0 all the same, because a figure of a loaded machine is no failed test.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { measureExchange } from './exchange.ts'
import { type Figure, formatFigure } from './figure.ts'
import { measureImport } from './import.ts'
import { measureMemory } from './memory.ts'
import { measureAuditedRead, measureRead } from './read.ts'
import { writeRecords } from './records.ts'
import { measureRefresh } from './refresh.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'
import { measureSearch } from './search.ts'
import { measureStart } from './start.ts'

const SMALL = 10_000
const LARGE = 100_000
const CLINICIAN_SCOPE = 'openid fhirUser user/*.rs'
const PATIENT_SCOPE = 'openid fhirUser offline_access launch/patient patient/*.rs'

// Beside the code: a system's folder for temporary files may live in memory, where nothing is ever made durable.
const root = resolve(import.meta.dirname, '../tmp')
mkdirSync(root, { recursive: true })
const folder = mkdtempSync(join(root, 'bench-'))
const [small, large] = [join(folder, 'small'), join(folder, 'large')]
const figures: Figure[] = []

function report(figure: Figure): void {
  figures.push(figure)
  console.log(formatFigure(figure))
}

try {
  report(await measureImport(`${small}.ndjson`, await writeRecords(`${small}.ndjson`, SMALL), small))
  report(await measureImport(`${large}.ndjson`, await writeRecords(`${large}.ndjson`, LARGE), large))
  report(await measureStart(large))
  report(await measureMemory(large))
  await withSandbox(large, 'patient.amara', PATIENT_SCOPE, async (sandbox) => {
    report(await measureExchange(sandbox))
    report(await measureRefresh(sandbox))
  })
  await withSandbox(large, 'dr.lin', CLINICIAN_SCOPE, async (sandbox) => {
    report(await measureRead(sandbox, large))
    report(await measureAuditedRead(sandbox, large))
    await withSandbox(small, 'dr.lin', CLINICIAN_SCOPE, async (other) => {
      report(await measureSearch(sandbox, other, 'search, one patient of 100,000 resources'))
    })
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const machine = { node: process.version, processor: cpus()[0]?.model, cores: availableParallelism() }
const file = resolve(import.meta.dirname, 'results.json')
writeFileSync(file, `${JSON.stringify({ machine, figures }, undefined, 2)}\n`)
const missed = figures.filter(({ target }) => target?.met === false)
console.log(`${figures.length} figures in bench/results.json, ${missed.length} below target`)

async function withSandbox(
  data: string,
  username: string,
  scope: string,
  work: (sandbox: Sandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await openSandbox(data, username, scope)
  try {
    await work(sandbox)
  } finally {
    await sandbox.server.stop()
  }
}
