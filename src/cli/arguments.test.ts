/** What a command has no use for is refused: a word after a switch would seem to turn it off. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../../test/fixtures/process.ts'
import { temporaryFolder } from '../../test/fixtures/temporary-folder.ts'
import { runCommand } from './main.ts'

const longest = 60_000

/** Runs a command in this process; gives its exit code and what it said. */
async function told(args: readonly string[]): Promise<{ code: number; said: string }> {
  const { write } = process.stderr
  let said = ''
  process.stderr.write = ((text: string) => {
    said += text
    return true
  }) as typeof write
  try {
    return { code: await runCommand(args), said }
  } finally {
    process.stderr.write = write
  }
}

test('SEC-01: a switch takes no word, and `serve` does not read over one', async () => {
  const data = join(temporaryFolder('arguments'), 'data')
  for (const [words, name] of [
    [['--host', '0.0.0.0', '--allow-insecure-http', 'false'], '--allow-insecure-http'],
    [['--sandbox', 'false'], '--sandbox'],
    [['stray', '--sandbox'], 'serve'],
  ] as const) {
    const { code, said } = await run(['serve', '--data', data, '--port', '0', ...words], longest)
    assert.equal(code, 2, said)
    assert.match(said, new RegExp(`^chartkey: ${name}: .*takes no (value|arguments), and`))
  }
  assert.equal(existsSync(data), false)
})

for (const [words, name] of [
  [['seed', '--patients', '1', 'more'], 'seed'],
  [['seed', '--sandbox', 'no'], '--sandbox'],
  [['doctor', '--json', 'true'], '--json'],
  [['seed', '--patients', ''], '--patients'],
  [['seed', '--seed', '0x10'], '--seed'],
  [['invite', 'Patient/1', '--days', '0x5'], '--days'],
  [['doctor', 'everything'], 'doctor'],
  [['keys', 'list', 'all'], 'keys'],
  [['keys', 'rotate', '--compromised', 'false'], '--compromised'],
  [['invite', 'Patient/1', '--json', 'false'], '--json'],
  [['invite', 'Patient/1', 'Patient/2'], 'invite'],
  [['policy', 'check', 'a.yaml', 'b.yaml'], 'policy check'],
  [['app', 'list', '--json', 'false'], '--json'],
  [['user', 'list', 'everybody'], 'user list'],
  [['user', 'add', 'a', '--role', 'admin', 'b'], 'user add'],
  [['grants', 'list', '--all', 'false'], '--all'],
] as const)
  test(`\`${words.join(' ')}\` is refused, and nothing is made`, async () => {
    const data = join(temporaryFolder('arguments'), 'data')
    const { code, said } = await told([...words, '--data', data])
    assert.equal(code, 2, said)
    assert.ok(said.startsWith(`chartkey: ${name}: `), said)
    assert.equal(existsSync(data), false)
  })

for (const words of [
  ['user', 'list'],
  ['user', 'disable', 'a'],
  ['app', 'list'],
  ['app', 'approve', 'a'],
  ['grants', 'list', '--app', 'a'],
  ['invite', 'Patient/1'],
  ['keys', 'list'],
  ['keys', 'rotate'],
])
  test(`\`${words.join(' ')}\` works with what is there: a mistyped --data is told as one, and makes nothing`, async () => {
    const data = join(temporaryFolder('arguments'), 'dta')
    const { code, said } = await told([...words, '--data', data])
    assert.equal(code, 2, said)
    assert.match(said, /--data: there is no store in .*dta/)
    assert.equal(existsSync(data), false)
  })
