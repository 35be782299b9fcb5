/** Keys from the command line, as an operator sees them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createKeys } from '../authorization/keys.ts'
import { openKeyBox } from '../server/key-box.ts'
import { openStore } from '../store/open.ts'
import { createKeyStore } from '../store/signing-keys.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'chartkey-keys-'))
  folders.push(made)
  return made
}

function run(args: readonly string[], environment: Record<string, string> = {}) {
  const ran = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  return { code: ran.status, out: ran.stdout, err: ran.stderr }
}

const thatNeedTheKey = [
  ['serve', '--port', '0'],
  ['keys', 'list'],
  ['keys', 'rotate'],
] as const

const rotateEvery = 90 * 24 * 60 * 60 * 1000

/** What a start does to a store. */
async function start(data: string, keys: object = {}): Promise<void> {
  const box = await openKeyBox({ data, sandbox: false, keys: { rotateEvery, ...keys } })
  const sql = await openStore(data)
  const store = createKeyStore(sql, box)
  await store.sealAll()
  await createKeys(store, Date.now, { rotateEvery, longestSigned: 1 })
  await sql.close()
}

interface Row {
  readonly kid: string
  readonly alg: string
  readonly state: string
}

const rowsOf = (out: string): Row[] => JSON.parse(out)

test('the first start makes a key file for its owner alone, and nothing plain is in the store', async () => {
  const data = folder()
  await start(data)
  const file = join(data, 'signing-keys.key')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const sql = await openStore(data)
  const stored = JSON.stringify(await sql.all('SELECT * FROM signing_keys'))
  await sql.close()
  assert.doesNotMatch(stored, /PRIVATE KEY/)
  const before = readFileSync(file, 'utf8')
  await start(data)
  assert.equal(readFileSync(file, 'utf8'), before)
})

test('keys list tells the states, and no private key', async () => {
  const data = folder()
  await start(data)
  const { code, out } = run(['keys', 'list', '--json', '--data', data])
  assert.equal(code, 0)
  assert.deepEqual(
    rowsOf(out)
      .map(({ alg, state }) => `${alg} ${state}`)
      .sort(),
    ['ES256 signing', 'RS256 signing'],
  )
  assert.doesNotMatch(out, /private|PRIVATE/)
})

test('keys rotate adds a successor to each, once; --compromised replaces all', async () => {
  const data = folder()
  await start(data)
  const before = rowsOf(run(['keys', 'list', '--json', '--data', data]).out)
  const rotated = rowsOf(run(['keys', 'rotate', '--json', '--data', data]).out)
  const states = rotated.map(({ alg, state }) => `${alg} ${state}`).sort()
  assert.deepEqual(states, ['ES256 next', 'ES256 signing', 'RS256 next', 'RS256 signing'])
  const again = run(['keys', 'rotate', '--json', '--data', data])
  assert.deepEqual(rowsOf(again.out), rotated)
  assert.match(again.err, /the next ES256 key is there already/)
  const replaced = rowsOf(run(['keys', 'rotate', '--compromised', '--json', '--data', data]).out)
  assert.deepEqual(
    replaced.map(({ state }) => state),
    ['signing', 'signing'],
  )
  assert.ok(replaced.every(({ kid }) => !before.some((key) => key.kid === kid)))
})

test('the key of the settings takes the place of the file, which still opens what it closed', async () => {
  const data = folder()
  await start(data)
  const key = randomBytes(32).toString('base64')
  const list = (environment: Record<string, string>) => run(['keys', 'list', '--data', data], environment)
  assert.equal(list({ CHARTKEY_KEY_ENCRYPTION_KEY: key }).code, 0)
  await start(data, { encryptionKey: new Uint8Array(Buffer.from(key, 'base64')) })
  rmSync(join(data, 'signing-keys.key'))
  assert.equal(list({ CHARTKEY_KEY_ENCRYPTION_KEY: key }).code, 0)
  const wrong = list({ CHARTKEY_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64') })
  assert.equal(wrong.code, 2)
  assert.match(
    wrong.err,
    /keys\.encryptionKey: .*cannot be read with the encryption key that was given.*keys\.previousEncryptionKey/,
  )
})

test('a key file of another store or backup is named as such, by every command that needs it', async () => {
  const [data, other] = [folder(), folder()]
  await start(data)
  await start(other)
  const file = join(data, 'signing-keys.key')
  copyFileSync(join(other, 'signing-keys.key'), file)
  const named = /--data: .*signing-keys\.key is of another store or another backup.*keys rotate --compromised/
  for (const command of thatNeedTheKey) {
    const { code, err } = run([...command, '--data', data])
    assert.equal(code, 2, command.join(' '))
    assert.ok(err.includes(file), err)
    assert.match(err, named)
  }
  assert.match(run(['doctor', '--data', data]).out, named)
  assert.equal(run(['keys', 'rotate', '--compromised', '--data', data]).code, 0)
  assert.equal(run(['keys', 'list', '--data', data]).code, 0)
})

test('a key in a file of its own, named by the environment', async () => {
  const data = folder()
  const file = join(folder(), 'key')
  writeFileSync(file, randomBytes(32).toString('hex'))
  const { code, err } = run(['keys', 'rotate', '--compromised', '--data', data], {
    CHARTKEY_KEY_ENCRYPTION_KEY_FILE: file,
  })
  assert.equal(code, 0, err)
  assert.equal(
    run(['keys', 'list', '--data', data], { CHARTKEY_KEY_ENCRYPTION_KEY_FILE: `${file}x` }).code,
    2,
  )
})

for (const key of ['short', 'x'.repeat(64), '!'.repeat(44), randomBytes(16).toString('base64')]) {
  test(`a key that is none is refused, and not repeated: ${key.length} characters`, () => {
    const { code, err } = run(['keys', 'list', '--data', folder()], { CHARTKEY_KEY_ENCRYPTION_KEY: key })
    assert.equal(code, 2)
    assert.match(err, /keys\.encryptionKey.*32 random bytes/)
    assert.equal(err.includes(key), false)
  })
}

test('outside the sandbox PostgreSQL is not started without a key, and says how to make one', () => {
  const { code, err } = run(['keys', 'list', '--data', 'postgres://u:p@127.0.0.1:9/none'])
  assert.equal(code, 2)
  assert.match(err, /CHARTKEY_KEY_ENCRYPTION_KEY .*openssl rand -base64 32/)
})

test('doctor finds a key file that others may read, a file that is gone, and keys that were never encrypted', async () => {
  const data = folder()
  await start(data)
  const problems = () =>
    JSON.parse(run(['doctor', '--json', '--data', data]).out)
      .checks.filter((check: { ok: boolean }) => !check.ok)
      .map(({ name, detail }: { name: string; detail: string }) => `${name}: ${detail}`)
  assert.deepEqual(problems(), [])
  const file = join(data, 'signing-keys.key')
  chmodSync(file, 0o644)
  assert.match(problems()[0], /signing keys: others than its owner may read/)
  rmSync(file)
  assert.match(
    problems()[0],
    /signing keys: could not be checked: .*no encryption key was given.*signing-keys\.key is missing/,
  )
})

test('where the file of the key is missing, its name is told and no other is made; --compromised begins anew', async () => {
  const data = folder()
  await start(data)
  const file = join(data, 'signing-keys.key')
  rmSync(file)
  for (const command of thatNeedTheKey) {
    const { code, err } = run([...command, '--data', data])
    assert.equal(code, 2, command.join(' '))
    assert.match(err, /--data: .*signing-keys\.key is missing.*backup.*keys rotate --compromised/)
    assert.equal(existsSync(file), false, command.join(' '))
  }
  assert.equal(run(['keys', 'rotate', '--compromised', '--data', data]).code, 0)
  assert.equal(run(['keys', 'list', '--data', data]).code, 0)
})
