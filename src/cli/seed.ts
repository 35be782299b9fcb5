import { randomUUID } from 'node:crypto'
import { ConfigError, loadConfig } from '../config.ts'
import { indexing } from '../resource/search/indexing.ts'
import { openDatabase } from '../store/sqlite/database.ts'
import { createRecords } from '../store/sqlite/records/records.ts'
import { generate } from '../synthetic/index.ts'
import type { Command } from './command.ts'

/** Makes synthetic patients; seeding twice with the same numbers on the same day changes nothing. */
export const seed: Command = async (args) => {
  const { config, own } = loadConfig({
    flags: args,
    own: { patients: 'string', seed: 'string', 'as-of': 'string' },
  })
  const options = {
    patients: wholeNumber('--patients', own.patients, 100),
    seed: wholeNumber('--seed', own.seed, 1),
    asOf: day('--as-of', own['as-of']),
  }
  const started = performance.now()
  const db = openDatabase(config.data)
  try {
    const records = createRecords(db, { indexing, now: Date.now, newId: randomUUID })
    const counts = { created: 0, updated: 0, unchanged: 0 }
    for (const household of generate(options)) {
      const written = await records.putAll(household)
      counts.created += written.created
      counts.updated += written.updated
      counts.unchanged += written.unchanged
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const { created, updated, unchanged } = counts
    process.stdout.write(
      `${options.patients} patients: ${created} resources created, ${updated} updated, ${unchanged} unchanged, in ${seconds} s\n`,
    )
    return 0
  } finally {
    db.close()
  }
}

function wholeNumber(key: string, text: unknown, otherwise: number): number {
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) throw new ConfigError(key, 'a whole number is expected')
  return number
}

function day(key: string, text: unknown): string {
  const today = new Date().toISOString().slice(0, 10)
  if (text === undefined) return today
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(String(text)) && !Number.isNaN(Date.parse(String(text)))
  if (!isDay) throw new ConfigError(key, 'a day such as 2026-01-31 is expected')
  return String(text)
}
