/**
 * `node scripts/test.ts [suite] [part-of-a-path …] [--name PATTERN]` runs one suite, or all of them in order.
 * The last line is `N passed, N failed`; it exits 0 only when something ran and nothing failed.
 */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readCitations } from '../test/conformance/citations.ts'
import { readRequirements } from '../test/conformance/requirements.ts'
import { onDatabases, stopDatabases } from './suite/databases.ts'
import { Proofs } from './suite/proofs.ts'
import { runFiles } from './suite/run-files.ts'
import { runSteps } from './suite/run-steps.ts'
import { type Suite, suites } from './suite/suites.ts'
import { add, formatTally, isGood, nothing, type Tally } from './suite/tally.ts'

process.chdir(resolve(import.meta.dirname, '..'))
// Every process of a run reads the same program: stripping its types once is enough.
process.env.NODE_COMPILE_CACHE ??= resolve('tmp/compile-cache')
const { positionals, values } = parseArgs({ allowPositionals: true, options: { name: { type: 'string' } } })
const [first, ...rest] = positionals
const chosen = first === undefined ? suites : suites.filter((suite) => suite.name === first)

let total: Tally = nothing
const proofs = new Proofs()
// Who interrupts a run leaves no PostgreSQL behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
try {
  for (const suite of chosen) total = add(total, await runSuite(suite))
} finally {
  await stopDatabases()
}
if (first === undefined && rest.length === 0 && values.name === undefined) total = add(total, judgeProofs())
if (chosen.length === 0)
  console.log(`no such suite: ${first}; there are ${suites.map((suite) => suite.name).join(', ')}`)
console.log(formatTally(total))
process.exitCode = isGood(total) ? 0 : 1

async function runSuite(suite: Suite): Promise<Tally> {
  const started = performance.now()
  console.log(`${suite.name}`)
  const narrowed = rest.length > 0 || values.name !== undefined
  const steps = narrowed ? nothing : await runSteps(suite.steps)
  const choice = { paths: rest, ...(values.name === undefined ? {} : { name: values.name }) }
  const tally = add(steps, await onDatabases(suite, () => runFiles(suite, choice, proofs)))
  if (chosen.length > 1) {
    console.log(
      `  ${suite.name}: ${formatTally(tally)}  (${((performance.now() - started) / 1_000).toFixed(1)} s)\n`,
    )
  }
  return tally
}

/** After a whole run: whether what the conformance page claims is what passed. */
function judgeProofs(): Tally {
  const known = new Set(readRequirements().map(({ id }) => id))
  return proofs.judge([...readCitations().keys()].filter((id) => known.has(id)))
}
