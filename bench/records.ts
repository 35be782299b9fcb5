/** The records that the figures are measured on: synthetic patients, the same in every run. */
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '../src/synthetic/generate.ts'
import { chartkey } from '../test/fixtures/process.ts'
import { runTimed } from './command.ts'

const AS_OF = '2026-01-01'
const SEED = 1

/** Records in files of one resource a line. */
export interface Records {
  readonly files: readonly string[]
  readonly count: number
}

/** An import takes each file as a whole. */
const LINES_PER_FILE = 100_000

/** Writes at least `count` resources, whole households, into files in `folder`. */
export async function writeRecords(folder: string, count: number): Promise<Records> {
  mkdirSync(folder, { recursive: true })
  const households = generate({ patients: count, seed: SEED, asOf: AS_OF })
  const files: string[] = []
  let written = 0
  while (written < count) {
    const file = join(folder, `${files.length}.ndjson`)
    written += await writeFile(file, households, Math.min(LINES_PER_FILE, count - written))
    files.push(file)
  }
  return { files, count: written }
}

async function writeFile(
  file: string,
  households: Iterator<readonly object[]>,
  count: number,
): Promise<number> {
  const out = createWriteStream(file)
  let written = 0
  while (written < count) {
    const { value: household, done } = households.next()
    if (done) throw new Error('the households have run out')
    if (!out.write(household.map((resource) => `${JSON.stringify(resource)}\n`).join('')))
      await once(out, 'drain')
    written += household.length
  }
  out.end()
  await once(out, 'close')
  return written
}

/** Imports files by the command, and says how many seconds it took, start of the process included. */
export function importRecords(files: readonly string[], data: string): Promise<number> {
  return runTimed([...chartkey, 'import', ...files, '--data', data, '--log-level', 'silent'])
}
