/** Passwords that an operator gives. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { run } from '../../test/fixtures/process.ts'
import { temporaryFolder } from '../../test/fixtures/temporary-folder.ts'
import { createAccountStore } from '../store/accounts.ts'
import { openStore } from '../store/open.ts'

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

test('set-password gives somebody who has lost theirs another one, told once or taken from a file', async () => {
  const setPassword = (...words: string[]) => run(['user', 'set-password', ...words, '--data', data])
  const made = await setPassword('site.manager')
  assert.equal(made.code, 0, made.said)
  assert.match(JSON.parse(made.said).password, /^[\w-]{43}$/)
  const taken = await setPassword('site.manager', '--password-file', written('other words in a row'))
  assert.equal('password' in JSON.parse(taken.said), false)
  const refused = await setPassword('site.manager', '--password-file', written('site.manager'))
  assert.equal(refused.code, 2, refused.said)
  const nobody = await setPassword('nobody')
  assert.equal(nobody.code, 1, nobody.said)
  assert.match(nobody.said, /user nobody: there is no such account/)
})

test('set-password makes no way in beside that of a provider', async () => {
  const sql = await openStore(data)
  await createAccountStore(sql).add({
    id: 'hospital/lin',
    username: 'hospital/lin',
    name: 'Dr Lin',
    roles: ['clinician'],
    records: [],
    disabled: false,
  })
  await sql.close()
  const { code, said } = await run(['user', 'set-password', 'hospital/lin', '--data', data])
  assert.equal(code, 1, said)
  assert.match(said, /hospital\/lin: has no password here/)
  const shown = await run(['user', 'show', 'hospital/lin', '--data', data])
  assert.equal(JSON.parse(shown.said).has_password, false)
})

test('remove-second-factors is for everybody, those who sign in at a provider too', async () => {
  for (const name of ['site.manager', 'hospital/lin']) {
    const { code, said } = await run(['user', 'remove-second-factors', name, '--data', data])
    assert.equal(code, 0, said)
    assert.equal(JSON.parse(said).username, name)
  }
  const nobody = await run(['user', 'remove-second-factors', 'nobody', '--data', data])
  assert.equal(nobody.code, 1, nobody.said)
})
