/** What a running server does by itself, now and then: one row a chore. */
import type { Log } from '../http/log.ts'

export interface Chore {
  /** In milliseconds. */
  readonly every: number
  run(): unknown
  /** What the log says when it failed; it is done again at its next time. */
  readonly failed: string
}

/** Starts the chores; gives what stops them all. */
export function startChores(chores: readonly Chore[], log: Pick<Log, 'error'>): () => void {
  const timers = chores.map((chore) => setInterval(() => void attempt(chore, log), chore.every))
  return () => {
    for (const timer of timers) clearInterval(timer)
  }
}

async function attempt({ run, failed }: Chore, log: Pick<Log, 'error'>): Promise<void> {
  try {
    await run()
  } catch (error) {
    log.error({ err: error }, failed)
  }
}
