/** What a running server has loaded when it is ready: the packages themselves, however they were come by. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { threads } from '../../src/http/threads.ts'

const cli = resolve(import.meta.dirname, '../../src/cli.ts')
const namesThreads = process.platform === 'linux'
const witness = resolve(import.meta.dirname, '../fixtures/loaded-modules.ts')
let folder: string
let loaded: string[]
/** The threads beside the event loop's, where the system names them. */
let others: number | undefined

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chartkey-start-'))
  await start()
  loaded = await start()
})
after(() => rm(folder, { recursive: true }))

/** Starts a sandbox, ends it when it is ready, and gives the addresses of all modules it had loaded. */
async function start(): Promise<string[]> {
  const list = join(folder, 'modules.txt')
  const options = [
    'serve',
    '--sandbox',
    '--port',
    '0',
    '--log-level',
    'silent',
    '--data',
    join(folder, 'data'),
  ]
  const child = spawn(process.execPath, ['--import', witness, cli, ...options], {
    env: { ...process.env, UV_THREADPOOL_SIZE: undefined, MODULES_LOADED: list },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  for await (const line of createInterface(child.stdout)) if (line.startsWith('Chartkey is ready')) break
  if (namesThreads) others = await countOthers(child.pid ?? 0)
  child.kill('SIGTERM')
  assert.deepEqual(await exited, [0, null])
  return (await readFile(list, 'utf8')).split('\n')
}

async function countOthers(id: number): Promise<number> {
  const folder = `/proc/${id}/task`
  const names = (await readdir(folder)).map((thread) => readFile(`${folder}/${thread}/comm`, 'utf8'))
  return (await Promise.all(names)).filter((name) => name.startsWith('libuv-worker')).length
}

test(
  'there are as many threads for signatures as were meant, and no others',
  { skip: namesThreads ? false : 'only Linux tells the names of threads' },
  () => assert.equal(others, threads),
)

test('a start on a store that has its people loads no package that only some requests need', () => {
  const packages = new Set(
    loaded.flatMap((url) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? []),
  )
  assert.ok(packages.has('fastify') && packages.has('zod'), 'the witness sees packages')
  const heavy = [
    '@medplum/core',
    '@simplewebauthn/server',
    'ajv',
    '@fastify/fast-json-stringify-compiler',
    'jose',
    'nodemailer',
    'oauth4webapi',
    'openid-client',
    'otpauth',
    'pg',
    'undici',
    'uqr',
  ]
  assert.deepEqual(
    heavy.filter((name) => packages.has(name)),
    [],
  )
})

test('nor what imagines people, the other database, pages, their words, or what is seldom asked of a FHIR server', () => {
  const own = loaded.filter((url) => url.includes('/src/'))
  assert.ok(own.some((url) => url.endsWith('/src/store/sqlite/sql.ts')))
  const seldom = [
    '/src/synthetic/chart/',
    '/src/synthetic/generate.ts',
    '/src/store/postgres/sql.ts',
    '/src/admin/pages/',
    '/src/authorization/authorize/flow-page.ts',
    '/src/ehr/launch-api/order-launch.ts',
    '/src/identity/providers/callback.ts',
    '/src/resource/bundle/transaction.ts',
    '/src/resource/interactions/update.ts',
    '/src/resource/operations/everything/',
    '/src/resource/patch/',
    '/src/ui/messages.en/',
    '/src/ui/messages.zh-TW/',
  ]
  for (const part of seldom)
    assert.deepEqual(
      own.filter((url) => url.includes(part)),
      [],
    )
  // A look at the whole: each file costs half a millisecond, and they come one by one.
  assert.ok(own.length < 500, `${own.length} files of ours`)
})

test('nothing that is run is kept in a folder for temporary files, where anybody could have put it', async () => {
  const temporary = join(folder, 'temporary')
  await mkdir(temporary)
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env
  const child = spawn(process.execPath, [cli, '--help'], {
    env: { ...environment, TMPDIR: temporary },
    stdio: 'ignore',
  })
  assert.deepEqual(await once(child, 'exit'), [0, null])
  assert.deepEqual(await readdir(temporary), [])
})

test('the second time, `npm start` comes without a parser of TypeScript', async () => {
  const root = resolve(import.meta.dirname, '../..')
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const [program, ...args] = scripts.start.split(' ')
  assert.equal(program, 'node')
  const tell = "process.on('exit', () => console.error(process.moduleLoadList.join()))"
  const options = args.slice(0, args.indexOf('serve'))
  const said = async () => {
    const child = spawn(
      process.execPath,
      ['--import', `data:text/javascript,${tell}`, ...options, '--help'],
      {
        cwd: root,
        env: { ...process.env, NODE_COMPILE_CACHE: undefined },
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    return (await text(child.stderr)).split(',')
  }
  await said()
  const loaded = await said()
  assert.ok(loaded.includes('NativeModule internal/modules/typescript'), 'the list tells of what is loaded')
  assert.ok(!loaded.includes('NativeModule internal/deps/amaro/dist/index'))
})
