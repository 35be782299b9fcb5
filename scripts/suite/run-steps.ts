import { spawn } from 'node:child_process'
import { delimiter, resolve } from 'node:path'
import type { Step } from './suites.ts'
import { add, nothing, type Tally } from './tally.ts'

/** Runs programs one after the other and counts those that exit 0; shows the output of the others. */
export async function runSteps(steps: readonly Step[]): Promise<Tally> {
  let tally = nothing
  for (const step of steps) {
    const started = performance.now()
    const { code, output } = await runProgram(step.command)
    console.log(`  ${code === 0 ? '✔' : '✖'} ${step.title}  (${Math.round(performance.now() - started)} ms)`)
    if (code !== 0) console.log(output)
    tally = add(tally, code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })
  }
  return tally
}

function runProgram([program, ...args]: Step['command']): Promise<{ code: number | null; output: string }> {
  // `npm run` puts the package's programs on the path; so that the script also runs without npm, it does the same.
  const path = `${resolve('node_modules/.bin')}${delimiter}${process.env.PATH}`
  return new Promise((settle) => {
    let output = ''
    const child = spawn(program, args, {
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => settle({ code: null, output: `${program} did not start: ${error.message}` }))
    child.on('close', (code) => settle({ code, output }))
  })
}
