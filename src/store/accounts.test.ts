import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import type { Account } from '../identity/account.ts'
import { createAccountStore } from './accounts.ts'
import { providerSessionMigrations } from './provider-sessions.ts'
import { createSessionStore, sessionMigrations } from './sessions.ts'

const full: Account = {
  id: 'user_1',
  username: 'parent.diego',
  name: 'Diego Reyes',
  roles: ['patient'],
  fhirUser: 'Patient/diego',
  records: ['RelatedPerson/z-first', 'Patient/diego'],
  passwordHash: '$argon2id$…',
  disabled: false,
  locale: 'zh-TW',
  careTeamOnly: true,
  email: 'diego@mail.example',
}
const bare: Account = {
  id: 'user_2',
  username: 'admin',
  name: 'Admin',
  roles: ['admin'],
  records: [],
  disabled: true,
}

testOnEach('an account comes back as it was given, found by id, name and record', async (sql) => {
  const accounts = createAccountStore(sql)
  assert.equal(await accounts.add(full), true)
  assert.equal(await accounts.add(bare), true)
  assert.deepEqual(await accounts.find('user_1'), full)
  assert.deepEqual(await accounts.findByUsername('admin'), bare)
  assert.deepEqual(await accounts.findByRecord('RelatedPerson/z-first'), full)
  assert.deepEqual(await accounts.findByRecord('Patient/diego'), full)
  assert.equal(await accounts.findByRecord('Patient/nobody'), undefined)
  assert.deepEqual(await accounts.list(), [bare, full])
})

testOnEach('active is who is there and not disabled', async (sql) => {
  const accounts = createAccountStore(sql)
  await accounts.add(full)
  await accounts.add(bare)
  const active = await Promise.all(['user_1', 'user_2', 'user_3', ''].map(accounts.isActive))
  assert.deepEqual(active, [true, false, false, false])
})

testOnEach('a taken id or user name changes nothing', async (sql) => {
  const accounts = createAccountStore(sql)
  await accounts.add(full)
  assert.equal(await accounts.add({ ...bare, username: full.username }), false)
  assert.equal(await accounts.add({ ...bare, id: full.id }), false)
  assert.deepEqual(await accounts.list(), [full])
})

testOnEach('sessions are kept, used, renewed, removed and swept', async (sql) => {
  const sessions = createSessionStore(sql)
  await createAccountStore(sql).add(full)
  const session = (id: string, at: number) => ({
    id,
    secretHash: `secret of ${id}`,
    accountId: 'user_1',
    signedInAt: at,
    usedAt: at,
    methods: ['pwd', 'otp', 'mfa'],
    agent: 'Mozilla/5.0',
    address: '192.0.2.1',
  })
  for (const [id, at] of [
    ['a', 10],
    ['b', 20],
    ['c', 30],
  ] as const)
    await sessions.add(session(id, at), full)
  await sessions.touch('a', 40)
  await sessions.touch('a', 35)
  assert.deepEqual(await sessions.find('a'), { ...session('a', 10), usedAt: 40 })
  assert.deepEqual(await sessions.timesOf('a'), { signedInAt: 10, usedAt: 40 })
  assert.equal(await sessions.timesOf('secret of a'), undefined)
  assert.deepEqual(await sessions.findBySecret('secret of b'), session('b', 20))
  assert.deepEqual(
    (await sessions.listOf('user_1')).map(({ id }) => id),
    ['a', 'c', 'b'],
  )
  const renewed = { ...session('c', 35), secretHash: 'another' }
  assert.equal(await sessions.renew('not its secret', renewed, full), false)
  assert.equal(await sessions.renew('secret of c', renewed, full), true)
  assert.equal(await sessions.renew('secret of c', renewed, full), false)
  assert.equal(await sessions.findBySecret('secret of c'), undefined)
  assert.deepEqual(await sessions.findBySecret('another'), renewed)
  await sessions.touch('gone', 40)
  assert.equal(await sessions.find('gone'), undefined)
  await sessions.sweep(5, 20)
  assert.equal(await sessions.find('b'), undefined)
  await sessions.sweep(10, 0)
  assert.equal(await sessions.find('a'), undefined)
  await sessions.remove('c')
  assert.equal(await sessions.find('c'), undefined)
  await sessions.add(session('d', 50), full)
  await sessions.add(session('e', 50), full)
  await sessions.removeOf('user_1', 'e')
  assert.equal(await sessions.find('d'), undefined)
  await sql.write((tx) => tx.run('UPDATE accounts SET disabled = 1'))
  assert.equal(await sessions.timesOf('e'), undefined)
  assert.notEqual(await sessions.find('e'), undefined)
  await sessions.removeOf('user_1')
  assert.equal(await sessions.find('e'), undefined)
})

testOnEach('a session from before sessions had a secret apart from their name goes on', async (sql) => {
  const [first, ...later] = sessionMigrations
  await sql.write(async (tx) => {
    await tx.script(`DROP TABLE sessions; DROP TABLE logout_tokens; ${first?.sql}`)
    await tx.run(
      "INSERT INTO sessions (id, account_id, signed_in_at, used_at) VALUES ('hash', 'user_1', 1, 2)",
    )
    for (const migration of [...later, ...providerSessionMigrations]) await tx.script(migration.sql)
  })
  const found = await createSessionStore(sql).findBySecret('hash')
  assert.deepEqual(found, {
    id: 'hash',
    secretHash: 'hash',
    accountId: 'user_1',
    signedInAt: 1,
    usedAt: 2,
    methods: ['pwd'],
  })
})
