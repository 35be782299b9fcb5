/** The records that the figures are measured on: synthetic patients, the same in every run. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { generate } from '../src/synthetic/generate.ts'
import { chartkey } from '../test/fixtures/process.ts'
import { runTimed } from './command.ts'

const AS_OF = '2026-01-01'
const SEED = 1

/** Writes at least `count` resources, one a line, whole households; returns how many there are. */
export async function writeRecords(file: string, count: number): Promise<number> {
  const out = createWriteStream(file)
  let written = 0
  for (const household of generate({ patients: count, seed: SEED, asOf: AS_OF })) {
    if (!out.write(household.map((resource) => `${JSON.stringify(resource)}\n`).join('')))
      await once(out, 'drain')
    written += household.length
    if (written >= count) break
  }
  out.end()
  await once(out, 'close')
  return written
}

/** Imports a file by the command, and says how many seconds it took, start of the process included. */
export function importRecords(file: string, data: string): Promise<number> {
  return runTimed([...chartkey, 'import', file, '--data', data, '--log-level', 'silent'])
}
