import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs a program to its end and says how many seconds it took; throws with its last words when it fails. */
export async function runTimed([program = '', ...args]: readonly string[]): Promise<number> {
  const started = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (said = `${said}${chunk}`.slice(-4_000)))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args.join(' ')} exited ${code}: ${said}`)
  return (performance.now() - started) / 1_000
}
