import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { trailRules } from '../audit/chain.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { Attempts, Passkey, Ticket } from '../identity/credential-ports.ts'
import { createAccountStore } from './accounts.ts'
import { createAttemptStore } from './attempts.ts'
import { createRecording } from './audit.ts'
import { createCredentialStore } from './credentials.ts'
import { createPasskeyStore } from './passkeys.ts'
import { createSessionStore } from './sessions.ts'
import { createTicketStore } from './tickets.ts'

const account = {
  id: 'user_1',
  username: 'amara',
  name: 'Amara',
  roles: ['patient'],
  records: [],
  passwordHash: 'old',
  disabled: false,
} as const
const recording = createRecording(trailRules)
const told: AuditEvent = { kind: 'account-security', outcome: 'success', actor: {}, change: 'removed' }
/** Whatever is taken, only a way to sign in has to be left. */
const nothing = { issuers: [], secondFactor: false }
const ticket: Ticket = {
  purpose: 'reset',
  hash: 't',
  accountId: 'user_1',
  data: '{"a":1}',
  expiresAt: 100,
}
const session = (id: string) => ({
  id,
  secretHash: id,
  accountId: 'user_1',
  signedInAt: 1,
  usedAt: 1,
  methods: ['pwd'],
})

testOnEach('attempts are counted in one transaction, and forgotten', async (sql) => {
  const attempts = createAttemptStore(sql)
  const more = (before: ReadonlyMap<string, Attempts>) =>
    new Map(['a', 'b'].map((key) => [key, { count: (before.get(key)?.count ?? 0) + 1, last: 10 }]))
  await Promise.all(Array.from({ length: 20 }, () => attempts.change(['a', 'b'], more)))
  const read = async () => {
    let found: ReadonlyMap<string, Attempts> = new Map()
    await attempts.change(['a', 'b'], (before) => {
      found = before
      return undefined
    })
    return Object.fromEntries(found)
  }
  assert.deepEqual(await read(), { a: { count: 20, last: 10 }, b: { count: 20, last: 10 } })
  await attempts.change(['a', 'b'], () => new Map([['b', { count: 1, last: 20 }]]))
  assert.deepEqual(await read(), { b: { count: 1, last: 20 } })
  await attempts.sweep(21)
  assert.deepEqual(await read(), {})
})

testOnEach('a ticket is taken once, for its purpose, before it expires', async (sql) => {
  const tickets = createTicketStore(sql)
  await tickets.add(ticket)
  assert.deepEqual(await tickets.find('reset', 't', 99), ticket)
  assert.equal(await tickets.find('reset', 't', 100), undefined)
  assert.equal(await tickets.take('address', 't', 99), undefined)
  const taken = await Promise.all(Array.from({ length: 10 }, () => tickets.take('reset', 't', 99)))
  assert.equal(taken.filter((one) => one !== undefined).length, 1)
  await tickets.replace({ ...ticket, hash: 'u', accountId: 'user_1' })
  await tickets.replace({ ...ticket, hash: 'v', accountId: 'user_1' })
  assert.equal(await tickets.find('reset', 'u', 1), undefined)
  await tickets.sweep(100)
  assert.equal(await tickets.find('reset', 'v', 1), undefined)
})

testOnEach('another password ends what was begun with the old one, and a link works once', async (sql) => {
  const [accounts, credentials] = [createAccountStore(sql), createCredentialStore(sql, recording)]
  const [sessions, tickets] = [createSessionStore(sql), createTicketStore(sql)]
  await accounts.add(account)
  await sessions.add(session('here'), account)
  await sessions.add(session('there'), account)
  await tickets.add({ ...ticket, purpose: 'second-step', hash: 'pending' })
  const proven = { id: 'user_1', epoch: 1 }
  assert.deepEqual(await credentials.changePassword(account, 'new', 'here'), proven)
  assert.equal((await accounts.find('user_1'))?.passwordHash, 'new')
  assert.deepEqual(
    (await sessions.listOf('user_1')).map(({ id }) => id),
    ['here'],
  )
  assert.equal(await tickets.find('second-step', 'pending', 1), undefined)

  await tickets.add(ticket)
  const how = { hash: 't', now: 99 }
  assert.equal(await credentials.resetPassword('user_2', 'theirs', how), false)
  await tickets.add({ ...ticket, hash: 't' })
  assert.equal(await credentials.resetPassword('user_1', 'newer', how), true)
  assert.equal(await credentials.resetPassword('user_1', 'again', how), false)
  assert.equal((await accounts.find('user_1'))?.passwordHash, 'newer')
  assert.deepEqual(await sessions.listOf('user_1'), [])
  await credentials.rehash('user_1', 'old', 'stale')
  assert.equal((await accounts.find('user_1'))?.passwordHash, 'newer')
  await credentials.rehash('user_1', 'newer', 'costlier')
  assert.equal((await accounts.find('user_1'))?.passwordHash, 'costlier')
  assert.equal(await credentials.setEmail({ id: 'user_1' }, 'late@mail.example', told, 1), false)
  const mine = (await accounts.find('user_1')) ?? assert.fail()
  assert.equal(await credentials.setEmail(mine, 'a@mail.example', told, 1), true)
  assert.deepEqual(await credentials.accountsWithEmail('a@mail.example'), ['user_1'])
})

testOnEach('another address ends the link that was mailed to the old one, and no other', async (sql) => {
  const [credentials, tickets] = [createCredentialStore(sql, recording), createTicketStore(sql)]
  await createAccountStore(sql).add(account)
  await tickets.add(ticket)
  await tickets.add({ ...ticket, hash: 'theirs', accountId: 'user_2' })
  await tickets.add({ ...ticket, hash: 'pending', purpose: 'second-step' })
  assert.equal(await credentials.setEmail({ id: 'user_1' }, 'new@mail.example', told, 1), true)
  assert.equal((await createAccountStore(sql).find('user_1'))?.email, 'new@mail.example')
  assert.equal(await tickets.find('reset', 't', 1), undefined)
  assert.ok(await tickets.find('reset', 'theirs', 1))
  assert.ok(await tickets.find('second-step', 'pending', 1))
})

testOnEach('a step and a recovery code are taken once, whoever else tries', async (sql) => {
  const credentials = createCredentialStore(sql, recording)
  await createAccountStore(sql).add({ ...account, id: 'a' })
  const a = { id: 'a' }
  assert.equal(await credentials.addOneTimeCodes(a, { sealed: 's', lastStep: 5 }, ['r1', 'r2']), true)
  assert.equal(await credentials.addOneTimeCodes(a, { sealed: 'thief', lastStep: 0 }, ['x']), false)
  assert.deepEqual(await credentials.oneTimeCodes('a'), { sealed: 's', lastStep: 5 })
  assert.equal(await credentials.useStep('a', 5), false)
  const steps = await Promise.all(Array.from({ length: 10 }, () => credentials.useStep('a', 6)))
  assert.equal(steps.filter(Boolean).length, 1)
  const codes = await Promise.all(Array.from({ length: 10 }, () => credentials.useRecoveryCode('a', 'r1')))
  assert.equal(codes.filter(Boolean).length, 1)
  assert.equal(await credentials.useRecoveryCode('b', 'r2'), false)
  assert.equal(await credentials.recoveryCodesLeft('a'), 1)
  assert.equal(await credentials.setRecoveryCodes(a, ['n1', 'n2', 'n3'], told, 1), true)
  assert.equal(await credentials.useRecoveryCode('a', 'r2'), false)
  assert.equal(await credentials.recoveryCodesLeft('a'), 3)
  assert.equal(await credentials.removeOneTimeCodes('a', nothing, told, 1), 'removed')
  assert.equal(await credentials.removeOneTimeCodes('a', nothing, told, 1), 'absent')
  assert.equal(await credentials.recoveryCodesLeft('a'), 0)
})

testOnEach('a passkey belongs to one account, and its counter moves for one use at a time', async (sql) => {
  const passkeys = createPasskeyStore(sql, recording)
  const passkey: Passkey = {
    id: 'k1',
    accountId: 'a',
    name: 'Phone',
    publicKey: 'key',
    counter: 0,
    transports: ['internal'],
    createdAt: 1_700_000_000_000,
  }
  const accounts = createAccountStore(sql)
  for (const id of ['a', 'thief']) await accounts.add({ ...account, id, username: id })
  const a = { id: 'a' }
  assert.equal(await passkeys.add(passkey, a, 2), true)
  assert.equal(await passkeys.add({ ...passkey, accountId: 'thief' }, { id: 'thief' }, 2), false)
  assert.equal(await passkeys.add({ ...passkey, id: 'k2' }, a, 2), true)
  assert.equal(await passkeys.add({ ...passkey, id: 'k3' }, a, 2), false)
  assert.deepEqual(await passkeys.find('k1'), passkey)
  assert.equal(await passkeys.rename('thief', 'k1', 'Mine'), false)
  assert.equal(await passkeys.remove('thief', 'k1', nothing, told, 1), 'absent')
  assert.equal(await passkeys.rename('a', 'k1', 'Old phone'), true)
  assert.equal(await passkeys.use('k1', { before: 0, after: 4 }, 9), true)
  assert.equal(await passkeys.use('k1', { before: 0, after: 4 }, 9), false)
  assert.deepEqual(await passkeys.find('k1'), { ...passkey, name: 'Old phone', counter: 4, usedAt: 9 })
  assert.equal(await passkeys.remove('a', 'k1', nothing, told, 1), 'removed')
  assert.deepEqual(
    (await passkeys.listOf('a')).map(({ id }) => id),
    ['k2'],
  )
})
