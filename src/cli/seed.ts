import { ConfigError, loadConfig } from '../config.ts'
import type { Repository, WriteCounts } from '../resource/repository.ts'
import { type GenerateOptions, generate } from '../synthetic/index.ts'
import type { Command } from './command.ts'
import { withRecords } from './records.ts'

/** Makes synthetic patients; seeding twice with the same numbers on the same day changes nothing. */
export const seed: Command = async (args) => {
  const { config, own } = loadConfig({
    flags: args,
    own: { patients: 'string', seed: 'string', 'as-of': 'string' },
    command: { name: 'seed', takes: 0 },
  })
  const options = {
    patients: wholeNumber('--patients', own.patients, 100),
    seed: wholeNumber('--seed', own.seed, 1),
    asOf: day('--as-of', own['as-of']),
  }
  const started = performance.now()
  const { created, updated, unchanged } = await withRecords(config, (records) => store(records, options))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(
    `${options.patients} patients: ${created} resources created, ${updated} updated, ${unchanged} unchanged, in ${seconds} s\n`,
  )
  return 0
}

async function store(records: Repository, options: GenerateOptions): Promise<WriteCounts> {
  const counts = { created: 0, updated: 0, unchanged: 0 }
  for (const household of generate(options)) {
    const written = await records.putAll(household)
    counts.created += written.created
    counts.updated += written.updated
    counts.unchanged += written.unchanged
  }
  return counts
}

function wholeNumber(key: string, text: unknown, otherwise: number): number {
  if (text === undefined) return otherwise
  const number = /^\d{1,16}$/.test(String(text)) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(number)) throw new ConfigError(key, 'a whole number is expected')
  return number
}

function day(key: string, text: unknown): string {
  const today = new Date().toISOString().slice(0, 10)
  if (text === undefined) return today
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(String(text)) && !Number.isNaN(Date.parse(String(text)))
  if (!isDay) throw new ConfigError(key, 'a day such as 2026-01-31 is expected')
  return String(text)
}
