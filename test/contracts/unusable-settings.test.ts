/** Settings that turn out at the start to be of no use: exit code 2, in good time, naming what to change. */
import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../fixtures/process.ts'
import { temporaryFolder } from '../fixtures/temporary-folder.ts'

const longest = 60_000
const mayWriteAnywhere = process.getuid?.() === 0

/** Starts a server that is expected not to start. */
async function refused(...words: string[]): Promise<string> {
  const { code, said } = await run(['serve', '--port', '0', ...words], longest)
  assert.equal(code, 2, said)
  return said
}

const places: readonly (readonly [
  what: string,
  make: (folder: string) => string,
  says: RegExp,
  skip?: string | false,
])[] = [
  [
    'a file',
    (folder) => {
      writeFileSync(join(folder, 'notes'), 'mine')
      return join(folder, 'notes')
    },
    /notes/,
  ],
  [
    'a folder below a file',
    (folder) => {
      writeFileSync(join(folder, 'notes'), 'mine')
      return join(folder, 'notes', 'data')
    },
    /notes/,
  ],
  [
    'a folder behind a link to nowhere',
    (folder) => {
      symlinkSync('/nonexistent/volume', join(folder, 'link'))
      return join(folder, 'link', 'data')
    },
    /link/,
  ],
  [
    'a folder whose chartkey.db is something else',
    (folder) => {
      writeFileSync(join(folder, 'chartkey.db'), 'these are not the records'.repeat(400))
      return folder
    },
    /chartkey\.db/,
  ],
  [
    'a folder whose chartkey.db is a folder',
    (folder) => {
      mkdirSync(join(folder, 'chartkey.db'))
      return folder
    },
    /chartkey\.db/,
  ],
  [
    'a folder whose key is damaged',
    (folder) => {
      writeFileSync(join(folder, 'signing-keys.key'), 'secret garbage')
      return folder
    },
    /signing-keys\.key.*backup/,
  ],
  [
    'a folder that may not be written in',
    (folder) => {
      chmodSync(folder, 0o555)
      return folder
    },
    /--data/,
    mayWriteAnywhere && 'root may write anywhere',
  ],
  [
    'a place where no folder can be made',
    () => '/proc/chartkey/data',
    /\/proc\/chartkey/,
    process.platform !== 'linux' && 'only Linux has such a place',
  ],
]

for (const [what, make, says, skip = false] of places)
  test(`--data names ${what}`, { skip }, async () => {
    const said = await refused('--data', make(temporaryFolder('unusable')))
    assert.match(said, /^chartkey: --data: /)
    assert.match(said, says)
    assert.equal(said.includes('garbage'), false)
  })

test('a database that is not there is told without its password', async () => {
  const key = 'CHARTKEY_KEY_ENCRYPTION_KEY'
  process.env[key] = Buffer.alloc(32, 1).toString('base64')
  try {
    const said = await refused('--data', 'postgres://chartkey:hidden@127.0.0.1:9/chartkey')
    assert.match(said, /^chartkey: --data: the PostgreSQL database cannot be opened: \S/)
    assert.equal(said.includes('hidden'), false)
  } finally {
    delete process.env[key]
  }
})

test('--host is no address of this machine, and --port is somebody else’s: nothing is made', async (t) => {
  const data = join(temporaryFolder('unusable'), 'data')
  const away = await refused('--data', data, '--host', '192.0.2.1', '--allow-insecure-http')
  assert.match(away, /^chartkey: --host: 192\.0\.2\.1 /)
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  t.after(() => other.close())
  const taken = String((other.address() as AddressInfo).port)
  const said = await refused('--data', data, '--port', taken)
  assert.match(said, new RegExp(`^chartkey: --port: ${taken} `))
  assert.equal(existsSync(data), false)
})
