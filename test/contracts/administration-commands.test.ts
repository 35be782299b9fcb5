/** `app`, `user` and `grants` as other people run them, on both stores: what they print, their exit codes, and what goes on record. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { app } from '../../src/cli/app.ts'
import { grants } from '../../src/cli/grants.ts'
import { user } from '../../src/cli/user.ts'
import { ConfigError } from '../../src/config.ts'
import { openStore } from '../../src/store/open.ts'
import { databaseKinds } from '../fixtures/kinds.ts'
import { newDatabase } from '../fixtures/lent-databases.ts'
import { run } from '../fixtures/process.ts'

for (const kind of databaseKinds) {
  test(`${kind}: REG-04, REG-05: apps, accounts and grants are administered by command`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'chartkey-administration-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const data = kind === 'SQLite' ? join(folder, 'data') : await newDatabase('bare')
    const ask = async (...words: string[]) => run([...words, '--data', data])
    const told = async (...words: string[]) => {
      const { code, said } = await ask(...words)
      assert.equal(code, 0, said)
      return JSON.parse(said)
    }
    const file = join(folder, 'app.json')
    writeFileSync(
      file,
      JSON.stringify({ client_name: 'From a file', redirect_uris: ['https://app.example/cb'] }),
    )

    const made = await told('app', 'add', file)
    assert.match(made.client_secret, /^[\w-]{43}$/)
    const id: string = made.client_id
    const seen = await told('app', 'show', id)
    assert.equal('client_secret' in seen, false)
    assert.equal(seen.status, 'approved')
    const edited = await told(
      'app',
      'edit',
      id,
      '--name',
      'Renamed',
      '--launch-uri',
      'https://app.example/launch',
    )
    assert.deepEqual(
      [edited.client_name, edited.initiate_login_uri, edited.redirect_uris],
      ['Renamed', 'https://app.example/launch', ['https://app.example/cb']],
    )
    assert.equal('client_secret' in edited, false)
    assert.equal((await told('app', 'disable', id)).status, 'disabled')
    assert.equal((await ask('app', 'disable', id)).code, 1)
    const rotated = await told('app', 'rotate-secret', id)
    assert.notEqual(rotated.client_secret, made.client_secret)
    assert.equal(rotated.secrets.length, 2)

    const token = await told('app', 'issue-token', '--name', 'Partner', '--days', '1')
    assert.match(token.initial_access_token, /^[\w-]{43}$/)
    assert.equal((await told('app', 'revoke-token', token.id)).revoked, token.id)

    const added = await told(
      'user',
      'add',
      'lab.tech',
      '--role',
      'clinician',
      '--fhir-user',
      'Practitioner/9',
    )
    assert.match(added.password, /^[\w-]{43}$/)
    assert.deepEqual((await told('user', 'link', 'lab.tech', 'Patient/1')).records, ['Patient/1'])
    assert.equal((await told('user', 'disable', 'lab.tech')).disabled, true)

    assert.deepEqual(await told('grants', 'list', '--json'), [])
    assert.equal((await ask('grants', 'revoke', 'grant_nobody')).code, 1)
    assert.deepEqual(await told('grants', 'revoke', '--app', id, '--user', 'lab.tech'), {
      revoked: 0,
      decisions: 0,
      codes: 0,
    })
    assert.equal((await told('app', 'delete', id)).deleted, id)
    const doctor = await told('doctor', '--json')
    assert.match(doctor.head, /^10:/)
  })
}

for (const kind of databaseKinds) {
  test(`${kind}: a command gives nothing to an app that has become another since the version that it names`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'chartkey-administration-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const data = kind === 'SQLite' ? join(folder, 'data') : await newDatabase('bare')
    const ask = async (...words: string[]) => run([...words, '--data', data])
    const told = async (...words: string[]) => {
      const { code, said } = await ask(...words)
      assert.equal(code, 0, said)
      return JSON.parse(said)
    }
    const { client_id: id } = await told('app', 'add', '--redirect-uri', 'https://app.example/cb')
    const seen = await told('app', 'show', id)
    assert.equal((await told('app', 'disable', id)).status, 'disabled')
    const { version } = await told('app', 'show', id)
    assert.equal((await told('app', 'list', '--json'))[0].version, version)
    for (const late of [
      ['enable', id, '--seen', seen.version],
      ['pre-approve', id, '--seen', seen.version],
      ['resource-server', id, '--seen', seen.version],
    ]) {
      const { code, said } = await ask('app', ...late)
      assert.equal(code, 1)
      assert.match(said, /has changed since you read it/)
    }
    const again = await told('app', 'show', id)
    assert.deepEqual(
      [again.status, again.pre_approved, again.resource_server, again.version],
      ['disabled', false, false, version],
    )
    const enabled = await told('app', 'enable', id, '--seen', version)
    assert.equal((await told('app', 'pre-approve', id, '--seen', enabled.version)).pre_approved, true)
  })
}

test('what is not understood is named, and nothing is stored', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-administration-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const data = join(folder, 'data')
  await (await openStore(data)).close()
  const redirect = ['--redirect-uri', 'https://a.example/cb']
  for (const [command, args, named] of [
    [app, [], 'app'],
    [app, ['explode'], 'app'],
    [app, ['show'], 'app show'],
    [app, ['list', 'too', 'much'], 'app list'],
    [app, ['list', '--status', 'odd'], '--status'],
    [app, ['add'], 'app add'],
    [app, ['add', join(folder, 'nothing.json')], 'nothing.json'],
    [app, ['add', '--redirect-uri', 'javascript:alert(1)'], 'redirect_uris'],
    [app, ['add', ...redirect, '--scope', 'system/*.rs'], 'token_endpoint_auth_method'],
    [app, ['add', ...redirect, '--scope', 'openid patient/Observations.rs'], 'patient/Observations.rs'],
    [app, ['issue-token'], '--name'],
    [app, ['issue-token', '--name', 'x', '--scope', 'patient/Observations.rs'], '--scope'],
    [app, ['issue-token', '--name', 'x', '--uses', '0'], '--uses'],
    [app, ['list', '--unknown'], '--unknown'],
    [user, ['add', 'x', '--role', 'king'], '--role'],
    [grants, ['revoke'], 'grants revoke'],
  ] as const) {
    const misused = (error: unknown) => error instanceof ConfigError && error.message.includes(named)
    await assert.rejects(command([...args, '--data', data]), misused, named)
  }
})
