import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { administered } from '../audit/event.ts'
import type { Account } from '../identity/account.ts'
import { AccountProblem, createAccountRegistry } from '../identity/account-registry.ts'
import { createAccountChanges } from './account-changes.ts'
import { createAccountStore } from './accounts.ts'
import { createAuditStore, createRecording } from './audit.ts'
import { createCredentialStore } from './credentials.ts'
import { createPasskeyStore } from './passkeys.ts'
import { createSessionStore } from './sessions.ts'
import type { Sql } from './sql.ts'
import { createTicketStore } from './tickets.ts'

const diego: Account = {
  id: 'user_1',
  username: 'diego',
  name: 'Diego Reyes',
  roles: ['patient'],
  fhirUser: 'Patient/diego',
  records: ['Patient/diego'],
  passwordHash: 'old',
  disabled: false,
}

function storesOver(sql: Sql) {
  const accounts = createAccountStore(sql)
  const sessions = createSessionStore(sql)
  const registry = createAccountRegistry<string>({
    accounts,
    changes: createAccountChanges(sql, createRecording(trailRules), decisionsOver(sql)),
    told: (user, { act, id, detail }) => administered({ user }, act, { kind: 'account', id }, detail),
    now: () => 1,
  })
  const acts = async () =>
    (await createAuditStore(sql, trailRules).list(0, 1000)).map(
      ({ event }) => event.kind === 'administration' && event.act,
    )
  const tickets = createTicketStore(sql)
  return {
    accounts,
    sessions,
    registry,
    tickets,
    credentials: createCredentialStore(sql, createRecording(trailRules)),
    acts,
  }
}

testOnEach('what an administrator changes takes nothing back that changes beside it', async (sql) => {
  const { accounts, registry, credentials } = storesOver(sql)
  await accounts.add(diego)
  // In the middle of the one change the others are made: only what each is about is touched by it.
  await registry.link(
    diego.id,
    (before) => ({ ...before, records: [...before.records, 'RelatedPerson/for-mateo'] }),
    'admin',
  )
  const links = (turn: number) => ({ records: ['Patient/diego', `Person/${turn}`] })
  for (let turn = 0; turn < 10; turn++) {
    const isOff = turn % 2 === 0
    await Promise.all([
      registry.link(diego.id, () => links(turn), 'admin'),
      credentials.rehash(diego.id, turn === 0 ? 'old' : `new ${turn - 1}`, `new ${turn}`),
      registry.setDisabled(diego.id, isOff, 'admin'),
      sql.write((tx) =>
        tx.run('UPDATE accounts SET email = ? WHERE id = ?', `diego${turn}@mail.example`, diego.id),
      ),
      credentials.setLocale(diego.id, isOff ? 'en' : 'zh-TW'),
    ])
    assert.deepEqual(await accounts.find(diego.id), {
      id: diego.id,
      username: diego.username,
      name: diego.name,
      roles: diego.roles,
      ...links(turn),
      passwordHash: `new ${turn}`,
      disabled: isOff,
      email: `diego${turn}@mail.example`,
      locale: isOff ? 'en' : 'zh-TW',
      // So often it was disabled.
      epoch: Math.floor(turn / 2) + 1,
    })
  }
})

testOnEach('of links that are added at the same time each is there', async (sql) => {
  const { accounts, registry } = storesOver(sql)
  await accounts.add(diego)
  const names = Array.from({ length: 20 }, (_, at) => `RelatedPerson/child-${at}`)
  await Promise.all(
    names.map((name) =>
      registry.link(diego.id, (before) => ({ ...before, records: [...before.records, name] }), 'admin'),
    ),
  )
  const { records = [] } = (await accounts.find(diego.id)) ?? {}
  assert.deepEqual([...records].toSorted(), ['Patient/diego', ...names].toSorted())
})

testOnEach('a disabled account has no session, and gets none back when it is enabled', async (sql) => {
  const { accounts, sessions, registry, tickets, acts } = storesOver(sql)
  await accounts.add(diego)
  const ofNow = { accountId: diego.id, signedInAt: 1, usedAt: 1, methods: ['pwd'] }
  await sessions.add({ ...ofNow, id: 's', secretHash: 's' }, diego)
  await tickets.add({ purpose: 'reset', hash: 't', accountId: diego.id, data: '{}', expiresAt: 100 })
  assert.equal((await registry.setDisabled(diego.id, true, 'admin'))?.disabled, true)
  assert.equal((await registry.setDisabled(diego.id, false, 'admin'))?.disabled, false)
  assert.deepEqual(await sessions.listOf(diego.id), [])
  assert.equal(await tickets.find('reset', 't', 2), undefined)
  assert.deepEqual(await acts(), ['account-disabled', 'account-enabled'])
})

testOnEach(
  'another password by an administrator ends what the old one began, and so does the end of second factors',
  async (sql) => {
    const { accounts, sessions, registry, tickets, credentials, acts } = storesOver(sql)
    const passkeys = createPasskeyStore(sql, createRecording(trailRules))
    await accounts.add(diego)
    const ofNow = { accountId: diego.id, signedInAt: 1, usedAt: 1, methods: ['pwd'] }
    await sessions.add({ ...ofNow, id: 's', secretHash: 's' }, diego)
    await tickets.add({ purpose: 'reset', hash: 't', accountId: diego.id, data: '{}', expiresAt: 100 })
    await credentials.addOneTimeCodes(diego, { sealed: 'x', lastStep: 0 }, ['r'])
    const key = { id: 'k', accountId: diego.id, name: 'Phone', publicKey: 'p', counter: 0, transports: [] }
    await passkeys.add({ ...key, createdAt: 1 }, diego, 20)
    const left = async () => [
      (await credentials.oneTimeCodes(diego.id)) !== undefined,
      await credentials.recoveryCodesLeft(diego.id),
      (await passkeys.listOf(diego.id)).length,
    ]

    const kept = await registry.setPassword(diego.id, 'new', 'admin')
    assert.deepEqual([kept?.passwordHash, await left()], ['new', [true, 1, 1]])
    assert.deepEqual(await sessions.listOf(diego.id), [])
    assert.equal(await tickets.find('reset', 't', 2), undefined)
    // Who proved the old password a moment ago begins nothing with it.
    assert.equal(await sessions.add({ ...ofNow, id: 's2', secretHash: 's2' }, diego), false)

    const again = { ...ofNow, id: 's3', secretHash: 's3' }
    assert.equal(kept && (await sessions.add(again, kept)), true)
    await registry.removeSecondFactors(diego.id, 'admin')
    assert.deepEqual(await left(), [false, 0, 0])
    assert.deepEqual(await sessions.listOf(diego.id), [])
    assert.equal(kept && (await sessions.add({ ...again, id: 's4', secretHash: 's4' }, kept)), false)

    assert.equal(await registry.setPassword('nobody', 'x', 'admin'), undefined)
    assert.equal(await registry.removeSecondFactors('nobody', 'admin'), undefined)
    assert.deepEqual(await acts(), ['account-changed', 'account-changed'])
  },
)

testOnEach('what is not done is not on record', async (sql) => {
  const { accounts, registry, acts } = storesOver(sql)
  await accounts.add(diego)
  const other = { username: 'diego', name: 'Other', roles: ['patient'] as const, records: [] }
  await assert.rejects(registry.add({ ...other, username: 'user_1' }, 'admin'), AccountProblem)
  await assert.rejects(registry.add(other, 'admin'), AccountProblem)
  await assert.rejects(
    registry.link(diego.id, () => ({ records: ['Observation/1'] }), 'admin'),
    AccountProblem,
  )
  assert.equal(await registry.link('nobody', (before) => before, 'admin'), undefined)
  assert.equal(await registry.setDisabled('nobody', true, 'admin'), undefined)
  assert.deepEqual(await accounts.list(), [diego])
  assert.deepEqual(await acts(), [])
})
