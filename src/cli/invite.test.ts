import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/fixtures/temporary-folder.ts'
import { ConfigError } from '../config.ts'
import { codeHashOf } from '../identity/providers/invite.ts'
import { indexing } from '../resource/search/indexing.ts'
import { openStore } from '../store/open.ts'
import { createRecords } from '../store/records/records.ts'
import { invite } from './invite.ts'

test('invite makes a code that the store knows by its hash, and puts it on record', async (t) => {
  const data = temporaryFolder('invite')
  const before = await openStore(data)
  const records = createRecords(before, { indexing, now: Date.now, newId: () => 'v' })
  await records.putAll([{ resourceType: 'Patient', id: 'a', birthDate: '1981-04-02' }])
  await before.close()
  const said: string[] = []
  const { write } = process.stdout
  t.mock.method(process.stdout, 'write', function (this: unknown, text: string, ...rest: []) {
    if (!text.startsWith('{"patient"')) return Reflect.apply(write, process.stdout, [text, ...rest])
    said.push(text)
    return true
  })
  assert.equal(await invite(['Patient/a', '--data', data, '--days', '3', '--json']), 0)
  const { code, patient } = JSON.parse(said.join(''))
  assert.equal(patient, 'Patient/a')
  const after = await openStore(data)
  const row = await after.get<{ hash: string; patient: string }>('SELECT hash, patient FROM invitations')
  assert.deepEqual({ ...row }, { hash: codeHashOf(code), patient: 'a' })
  const trail = await after.all<{ event: string }>('SELECT event FROM audit')
  assert.equal(JSON.parse(trail.at(-1)?.event ?? '{}').kind, 'invitation-made')
  await after.close()
  await assert.rejects(invite(['Patient/b', '--data', data]), /no Patient\/b/)
})

for (const [key, ...args] of [
  ['invite'],
  ['invite', 'Practitioner/a'],
  ['invite', 'Patient/a', 'Patient/b'],
  ['--days', 'Patient/a', '--days', '0'],
  ['--days', 'Patient/a', '--days', 'many'],
  ['--days', 'Patient/a', '--days', '91'],
])
  test(`invite: a mistake is told by its key (${args.join(' ')})`, async () => {
    await assert.rejects(invite(args), (error) => error instanceof ConfigError && error.key === key)
  })
