/** Passwords of accounts that an operator makes. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../../test/fixtures/process.ts'
import { temporaryFolder } from '../../test/fixtures/temporary-folder.ts'

const folder = temporaryFolder('user')
const data = join(folder, 'data')

function add(file: string) {
  return run(['user', 'add', 'site.manager', '--role', 'admin', '--password-file', file, '--data', data])
}

function written(text: string): string {
  const file = join(folder, 'password')
  writeFileSync(file, text)
  return file
}

for (const [password, says] of [
  ['too short', /at least 12 characters/],
  ['administrator\n', /tried first/],
  ['site.manager1', /user name/],
  [`${'long '.repeat(205)}\n`, /1024 characters at most/],
] as const) {
  test(`a password that its owner could not choose either is refused: ${says.source}`, async () => {
    const { code, said } = await add(written(password))
    assert.equal(code, 2, said)
    assert.match(said, /--password-file: /)
    assert.match(said, says)
    assert.equal(said.includes(password.trim()), false)
  })
}

test('a password file that cannot be read is told as one, and no account is made', async () => {
  const { code, said } = await add(join(folder, 'nowhere'))
  assert.equal(code, 2, said)
  assert.match(said, /--password-file: .*nowhere/)
  const listed = await run(['user', 'list', '--json', '--data', data])
  assert.deepEqual(JSON.parse(listed.said), [])
})

test('a file with a usable password makes the account, and the password is not told', async () => {
  const { code, said } = await add(written('four words in a row\r\n'))
  assert.equal(code, 0, said)
  assert.equal('password' in JSON.parse(said), false)
})
