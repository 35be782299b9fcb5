import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Ledger } from './ledger.ts'
import { type Plan, runInWorkers } from './workers.ts'

const folder = mkdtempSync(join(tmpdir(), 'chartkey-workers-'))
after(() => rmSync(folder, { recursive: true }))

const passing = `test('passes', () => undefined)`

/** Runs files of these texts, by their names, in one process after the other; gives the count and what was printed. */
async function run(texts: Readonly<Record<string, string>>, plan: Partial<Plan> = {}) {
  const place = mkdtempSync(join(folder, 'files-'))
  const files = Object.entries(texts).map(([name, text]) => {
    const file = join(place, `${name}.test.mjs`)
    writeFileSync(file, `import { after, before, beforeEach, test } from 'node:test'\n${text}\n`)
    return file
  })
  const lines: string[] = []
  const ledger = new Ledger(plan.name !== undefined, (text) => lines.push(text))
  const isAlone = () => false
  await runInWorkers({ files, lanes: 1, isAlone, limitMs: 60_000, leaveMs: 60_000, ...plan }, ledger)
  await ledger.printFailures((text) => lines.push(text))
  return { tally: ledger.tally, said: lines.join('\n').replaceAll(/\S*\/(\w+)\.test\.mjs/g, '$1') }
}

test('files follow each other in one process, each with hooks of its own', async () => {
  const count = `globalThis.files = (globalThis.files ?? 0) + 1`
  const { tally, said } = await run({
    first: `${count}\nlet eaches = 0\nbeforeEach(() => eaches++)\nafter(() => { globalThis.ended = eaches })\n${passing}`,
    second: `${count}\ntest('is second', () => { if (globalThis.files !== 2 || globalThis.ended !== 1) throw new Error() })\n${passing}`,
    third: `test('no hook ran again', () => { if (globalThis.ended !== 1) throw new Error() })`,
  })
  assert.deepEqual(tally, { passed: 4, failed: 0 }, said)
  assert.match(said, /✔ first {2}1 .*\n.*✔ second {2}2 .*\n.*✔ third {2}1 /)
})

test('a file that wants a process to itself has one', async () => {
  const alone = `const been = globalThis.been\nglobalThis.been = true\ntest('is first', () => { if (been) throw new Error() })`
  const { tally, said } = await run({ first: alone, second: alone, third: alone }, { isAlone: () => true })
  assert.deepEqual(tally, { passed: 3, failed: 0 }, said)
})

test('a failure is told with its file, its words and what the file wrote, and hides no other file', async () => {
  const { tally, said } = await run({
    first: `test('fails', () => { console.log('this was written'); throw new Error('this is wrong') })\n${passing}`,
    second: passing,
  })
  assert.deepEqual(tally, { passed: 2, failed: 1 }, said)
  assert.match(said, /✖ first {2}1 of 2 failed/)
  assert.match(said, /✖ fails[\s\S]*Error: this is wrong[\s\S]*output of first\n[\s\S]*this was written/)
  assert.match(said, /✔ second {2}1 /)
})

test('a file that cannot be loaded, or has no test, fails by its name', async () => {
  const { tally, said } = await run({ first: `throw new Error('not loaded')`, second: passing, third: '' })
  assert.deepEqual(tally, { passed: 1, failed: 2 }, said)
  assert.match(said, /✖ first {2}1 of 1 failed/)
  assert.match(said, /Error: not loaded/)
  assert.match(said, /✖ third: .*no test in this file/)
})

test('a process that dies takes only its file with it', async () => {
  const { tally, said } = await run({
    first: passing,
    second: `test('dies', () => process.kill(process.pid, 'SIGKILL'))`,
    third: passing,
  })
  assert.deepEqual(tally, { passed: 2, failed: 1 }, said)
  assert.match(said, /✖ second: its process ended with SIGKILL/)
  assert.match(said, /✔ third {2}1 /)
})

test('a file that hangs is ended at its limit, and the others are run', async () => {
  const { tally, said } = await run(
    {
      first: `test('never ends', () => new Promise(() => setInterval(() => undefined, 1_000)))`,
      second: `${passing}\nsetInterval(() => undefined, 1_000)`,
      third: passing,
    },
    { limitMs: 5_000, lanes: 2 },
  )
  assert.deepEqual(tally, { passed: 2, failed: 2 }, said)
  assert.match(said, /✖ first: it was ended after 5000 ms/)
  assert.match(said, /✖ second: it was ended after 5000 ms/)
  assert.match(said, /✔ third {2}1 /)
})

test('what a test leaves behind fails its file when it fails after the test', async () => {
  const { tally, said } = await run({
    first: `test('ends too soon', () => { setTimeout(() => { throw new Error('too late') }, 10) })`,
    second: passing,
  })
  assert.deepEqual(tally, { passed: 2, failed: 1 }, said)
  assert.match(said, /✖ first: something failed after the test that began it\n[\s\S]*too late/)
})

const pathOf = (path: string) => pathToFileURL(resolve(import.meta.dirname, path))

test('who interrupts a run leaves nothing behind: a worker ends with who leads it, and what it started with it', {
  timeout: 120_000,
}, async () => {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const place = mkdtempSync(join(folder, 'files-'))
  const [file, lead] = [join(place, 'hangs.test.mjs'), join(place, 'lead.ts')]
  writeFileSync(
    file,
    `import { connect } from 'node:net'
import { test } from 'node:test'
import { serve } from '${pathOf('../../test/fixtures/process.ts')}'
test('never ends', async () => {
  const { base } = await serve('${join(place, 'data')}')
  connect(${port}, '127.0.0.1').write(new URL(base).port)
  await new Promise(() => setInterval(() => undefined, 1_000))
})`,
  )
  writeFileSync(
    lead,
    `import { runInWorkers } from '${pathOf('workers.ts')}'
const quiet = { event: () => undefined, output: () => undefined, over: () => undefined }
const plan = { files: ['${file}'], lanes: 1, isAlone: () => false, limitMs: 60_000, leaveMs: 60_000 }
await runInWorkers(plan, quiet)`,
  )
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const leader = spawn(process.execPath, [lead], { stdio: 'ignore', env })
  try {
    const [worker] = (await once(listener, 'connection')) as [Socket]
    const [served] = (await once(worker, 'data')) as [Buffer]
    const server = connect(Number(served), '127.0.0.1')
    await once(server, 'connect')
    // The system closes what a process had open when that ends.
    const closed = [worker, server].map((socket) => once(socket.resume(), 'close'))
    leader.kill('SIGKILL')
    await Promise.all(closed)
  } finally {
    leader.kill('SIGKILL')
    listener.close()
  }
})

test('only the tests of a name are run, and a file without any is not told of', async () => {
  const { tally, said } = await run(
    { first: passing, second: `test('other', () => undefined)` },
    { name: 'oth' },
  )
  assert.deepEqual(tally, { passed: 1, failed: 0 }, said)
  assert.doesNotMatch(said, /first/)
})
