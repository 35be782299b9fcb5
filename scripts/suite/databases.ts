import { clusterVariable, databaseKinds, kindVariable } from '../../test/fixtures/kinds.ts'
import { type Cluster, startCluster } from '../../test/fixtures/postgres.ts'
import type { Suite } from './suites.ts'
import { add, nothing, type Tally } from './tally.ts'

let cluster: Promise<Cluster> | undefined

/** Runs the files of a suite beside one PostgreSQL for all of them, where they need one: once, or once for each kind. */
export async function onDatabases(suite: Suite, runFiles: () => Promise<Tally>): Promise<Tally> {
  if (suite.databases === 'none') return runFiles()
  cluster ??= startCluster()
  process.env[clusterVariable] = (await cluster).address
  if (suite.databases === 'as named') return runFiles()
  let total = nothing
  for (const kind of databaseKinds) {
    console.log(`  on ${kind}`)
    process.env[kindVariable] = kind
    total = add(total, await runFiles())
  }
  return total
}

/** Stops the PostgreSQL, if one was started. */
export async function stopDatabases(): Promise<void> {
  await (await cluster)?.stop()
}
