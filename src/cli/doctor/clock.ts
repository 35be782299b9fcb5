/** Whether the clock can be right: tokens and the audit trail rest on it. */
import type { ChainSource } from '../../audit/verify-chain.ts'
import type { Check } from './check.ts'

/** This program is not older. */
const earliest = Date.UTC(2026, 0, 1)
const tolerance = 5 * 60_000

/** The check of a clock against the trail's last record. */
export function clockCheck(now: () => number, lastRecorded: () => Promise<number | undefined>): Check {
  return {
    name: 'clock',
    async run() {
      const time = now()
      const told = new Date(time).toISOString()
      if (time < earliest) return { ok: false, detail: `${told} is before this program was made` }
      const last = await lastRecorded()
      return last !== undefined && last > time + tolerance
        ? { ok: false, detail: `${told} is before the last record, of ${new Date(last).toISOString()}` }
        : { ok: true, detail: told }
    },
  }
}

/** When the last of the chain's records was made. */
export async function lastTime(chain: ChainSource, head: number): Promise<number | undefined> {
  const [link] = await chain.links(head - 1, 1)
  return link?.time
}
