import { execFileSync } from 'node:child_process'
import { serve } from '../test/fixtures/process.ts'
import type { Figure } from './figure.ts'
import { startReference } from './reference/child.ts'

const SETTLE_MS = 1_000

/** Resident memory of the server a second after it is ready, on a store that has data. */
export async function measureMemory(data: string, of: string): Promise<Figure> {
  const server = await serve(data, '--sandbox', '--log-level', 'silent')
  const bare = await startReference('bare.ts')
  await new Promise((wake) => setTimeout(wake, SETTLE_MS))
  const [value, reference] = [residentMiB(server.process.pid), residentMiB(bare.process.pid)]
  await Promise.all([server.stop(), bare.stop()])
  return {
    name: `memory after start${of}`,
    value,
    unit: 'MiB',
    reference,
    against: 'bare node:http process',
    ratio: value / reference,
  }
}

function residentMiB(pid: number | undefined): number {
  const kibibytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Number(kibibytes.trim()) / 1_024
}
