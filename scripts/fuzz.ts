/** `npm run fuzz`: a million requests (`-- --requests N`) of a seed that is printed (`-- --seed N` repeats a run). */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
})
const seed = values.seed ?? String(Math.floor(Math.random() * 0x7fffffff))
console.log(`${values.requests} requests, seed ${seed}`)
const child = spawn(process.execPath, ['--test', 'test/fuzz/requests.test.ts'], {
  cwd: resolve(import.meta.dirname, '..'),
  stdio: 'inherit',
  env: { ...process.env, CHARTKEY_FUZZ_REQUESTS: values.requests, CHARTKEY_FUZZ_SEED: seed },
})
child.on('exit', (code) => {
  process.exitCode = code ?? 1
})
