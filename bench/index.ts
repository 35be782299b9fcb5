/**
 * `npm run bench`: measures, prints a line a figure, and writes bench/results.json. What falls short of its
 * target says so; the exit code is 0 all the same, because a figure of a loaded machine is no failed test.
 * `-- --size N` measures on stores of N and N/10 resources (default 100,000), `-- --store sqlite` or `postgres` on one only,
 * `-- --only authorization` the authorization server alone, `-- --only records` the records alone, `-- --rounds N` so many
 * paired slices of the former (default 7), `-- --named refresh` only what has that in its name.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { measureAsks } from './asks.ts'
import { measureAuthorization } from './authorization.ts'
import { measureEverything } from './everything.ts'
import { measureExchange } from './exchange.ts'
import { type Figure, formatFigure } from './figure.ts'
import { measureImport } from './import.ts'
import { measureMemory } from './memory.ts'
import { measureRead, measureSearchCost } from './read.ts'
import { type Records, writeRecords } from './records.ts'
import { measureRefresh } from './refresh.ts'
import { openSandbox, type Sandbox } from './sandbox.ts'
import { measureStart } from './start.ts'
import { openPlaces, type Places } from './stores.ts'

const CLINICIAN_SCOPE = 'openid fhirUser user/*.cruds'
const PATIENT_SCOPE = 'openid fhirUser offline_access launch/patient patient/*.rs'

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '100000' },
    store: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    named: { type: 'string', default: '' },
  },
})
const rounds = Number(options.rounds)
// One round is to see that it runs, not what it gives.
const effort = {
  rounds,
  requests: rounds > 1 ? 1200 : 40,
  seconds: rounds > 1 ? 2 : 0.3,
  named: options.named,
}
const size = Number(options.size)
if (!Number.isSafeInteger(size) || size < 1_000) throw new RangeError('--size takes a number from 1000')

// Beside the code: a system's folder for temporary files may live in memory, where nothing is ever made durable.
const root = resolve(import.meta.dirname, '../tmp')
mkdirSync(root, { recursive: true, mode: 0o755 })
const folder = mkdtempSync(join(root, 'bench-'))
// PostgreSQL may have to run as somebody else.
chmodSync(folder, 0o711)
const figures: Figure[] = []

function report(...measured: readonly Figure[]): void {
  figures.push(...measured)
  for (const figure of measured) console.log(formatFigure(figure))
}

try {
  const stores = (['sqlite', 'postgres'] as const).filter((store) => (options.store ?? store) === store)
  if (options.only === 'authorization') for (const store of stores) await measureAuthorizationOn(store)
  else {
    const records = {
      small: await writeRecords(join(folder, 'records-small'), size / 10),
      large: await writeRecords(join(folder, 'records-large'), size),
    }
    for (const store of stores) await measureStore(store, records)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

const machine = { node: process.version, processor: cpus()[0]?.model, cores: availableParallelism() }
const file = resolve(import.meta.dirname, 'results.json')
writeFileSync(file, `${JSON.stringify({ machine, size, figures }, undefined, 2)}\n`)
const missed = figures.filter(({ target }) => target?.met === false)
console.log(`${figures.length} figures in bench/results.json, ${missed.length} below target`)

async function measureStore(
  store: 'sqlite' | 'postgres',
  records: { readonly small: Records; readonly large: Records },
): Promise<void> {
  const places = await openPlaces(store, folder)
  try {
    report(await measureImport(records.small, places.small, places.of))
    report(await measureImport(records.large, places.large, places.of))
    if (options.only === 'records') return await measureLarge(places)
    report(await measureStart(places.large, places.of), await measureMemory(places.large, places.of))
    await measureTokens(places)
    await measureAuthorizationAt(places.large, places.of)
    await measureLarge(places)
  } finally {
    await places.close()
  }
}

async function measureLarge(places: Places): Promise<void> {
  await measureRecords(places)
  report(await measureEverything(join(folder, 'record.ndjson'), places.record, CLINICIAN_SCOPE, places.of))
}

async function measureAuthorizationOn(store: 'sqlite' | 'postgres'): Promise<void> {
  const places = await openPlaces(store, folder)
  try {
    await measureAuthorizationAt(places.small, places.of)
  } finally {
    await places.close()
  }
}

async function measureAuthorizationAt(data: string, of: string): Promise<void> {
  for await (const figure of measureAuthorization(data, of, effort)) report(figure)
}

async function measureTokens({ large, of }: Places): Promise<void> {
  await withSandbox(large, 'patient.amara', PATIENT_SCOPE, async (sandbox) => {
    report(await measureExchange(sandbox, of), await measureRefresh(sandbox, of))
  })
}

async function measureRecords({ large, small, of }: Places): Promise<void> {
  await withSandbox(large, 'dr.lin', CLINICIAN_SCOPE, async (sandbox) => {
    report(...(await measureRead(sandbox, large, of)), ...(await measureSearchCost(sandbox, large, of)))
    await withSandbox(small, 'dr.lin', CLINICIAN_SCOPE, async (other) => {
      report(...(await measureAsks(sandbox, other, of)))
    })
  })
}

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
