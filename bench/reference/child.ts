import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

export interface Reference {
  readonly base: string
  readonly process: ChildProcess
  readonly stop: () => Promise<void>
}

/** Starts a reference server of this folder in its own process; it writes its address as its only line. */
export async function startReference(file: string, ...args: readonly string[]): Promise<Reference> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = await Promise.race([once(child.stdout, 'data'), exited.then(() => [undefined])])
  if (line === undefined) throw new Error(`${file} did not start`)
  const stop = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { base: String(line).trim(), process: child, stop }
}
