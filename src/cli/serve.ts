import { loadConfig } from '../config.ts'
import { createLog } from '../http/log.ts'
import { startServer } from '../server.ts'
import type { Command } from './command.ts'

/** Serves until it is told to stop; SIGTERM and SIGINT let running requests finish first. */
export const serve: Command = async (args) => {
  const { config } = loadConfig({ flags: args, command: { name: 'serve', takes: 0 } })
  // Standard output has the one line that scripts wait for; the log goes beside it.
  const log = createLog({ level: config.logLevel, destination: process.stderr })
  const server = await startServer(config, log)
  // Listened to before anybody is told: who reads the line may send it at once.
  const stopped = stopSignal()
  process.stdout.write(`Chartkey is ready at ${server.baseUrl}\n`)
  await stopped
  await server.close()
  return 0
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}
