/** A sign-in that is on its way while all that was proved is ended begins no session and adds no way in, whichever of the two is first. */
import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { type AuditEvent, administered } from '../audit/event.ts'
import type { Account, StoredSession } from '../identity/account.ts'
import type { Passkey } from '../identity/credential-ports.ts'
import type { Identity } from '../identity/providers/identity.ts'
import { createAccountChanges } from './account-changes.ts'
import { createAccountStore } from './accounts.ts'
import { createRecording } from './audit.ts'
import { createCredentialStore } from './credentials.ts'
import { createIdentityStore } from './identities.ts'
import { createPasskeyStore } from './passkeys.ts'
import { createProviderSessions } from './provider-sessions.ts'
import { createSessionStore } from './sessions.ts'
import type { Sql } from './sql.ts'
import { createTicketStore } from './tickets.ts'

const amara: Account = {
  id: 'user_1',
  username: 'amara',
  name: 'Amara',
  roles: ['patient'],
  records: [],
  passwordHash: 'old',
  disabled: false,
}
const issuer = 'https://hospital.example'
const told: AuditEvent = administered({ user: 'admin' }, 'account-disabled', {
  kind: 'account',
  id: amara.id,
})
const changed: AuditEvent = { kind: 'account-security', outcome: 'success', actor: {}, change: 'added' }

function identityOf(accountId: string): Identity {
  return { issuer, subject: 's', accountId, manages: true, label: 'Amara', linkedAt: 1 }
}

async function openStores(sql: Sql) {
  const recording = createRecording(trailRules)
  const accounts = createAccountStore(sql)
  const identities = createIdentityStore(sql, recording, decisionsOver(sql))
  await accounts.add(amara)
  assert.equal(await identities.link(identityOf(amara.id), {}, changed, 1), undefined)
  return {
    accounts,
    identities,
    sessions: createSessionStore(sql),
    providers: createProviderSessions(sql, recording),
    tickets: createTicketStore(sql),
    credentials: createCredentialStore(sql, recording),
    passkeys: createPasskeyStore(sql, recording),
    changes: createAccountChanges(sql, recording, decisionsOver(sql)),
  }
}

function passkeyOf(id: string): Passkey {
  return { id, accountId: amara.id, name: id, publicKey: 'key', counter: 0, transports: [], createdAt: 1 }
}

type Stores = Awaited<ReturnType<typeof openStores>>

function sessionOf(id: string, isProvided = false): StoredSession {
  const provider = { issuer, subject: 's', authenticatedAt: 1 }
  const session = { id, secretHash: id, accountId: amara.id, signedInAt: 1, usedAt: 1, methods: ['pwd'] }
  return isProvided ? { ...session, provider } : session
}

async function read({ accounts }: Stores): Promise<Account> {
  return (await accounts.find(amara.id)) ?? assert.fail()
}

async function reset({ tickets, credentials }: Stores): Promise<boolean> {
  await tickets.add({ purpose: 'reset', hash: 't', accountId: amara.id, data: '{}', expiresAt: 100 })
  return credentials.resetPassword(amara.id, 'new', { hash: 't', now: 2 })
}

/** Each ends all that was proved before, and leaves the account enabled. */
const endings: Readonly<Record<string, (stores: Stores) => Promise<unknown>>> = {
  'the password is changed': async (stores) =>
    stores.credentials.changePassword(await read(stores), 'new', 'kept'),
  'the password is reset': reset,
  'the account is disabled, and enabled again': async ({ changes }) => {
    await changes.setDisabled(amara.id, true, told, 1)
    await changes.setDisabled(amara.id, false, told, 1)
  },
}

for (const [what, end] of Object.entries(endings)) {
  testOnEach(`a session of what was proved before ${what} does not begin after it`, async (sql) => {
    const stores = await openStores(sql)
    const proven = await read(stores)
    await end(stores)
    for (const isProvided of [false, true])
      assert.equal(await stores.sessions.add(sessionOf('late', isProvided), proven), false)
    assert.deepEqual(await stores.sessions.listOf(amara.id), [])
    // What is proved now opens the account as ever, and an older proof renews nothing in it.
    const proof = await read(stores)
    for (const isProvided of [false, true]) {
      const now = sessionOf(`now ${isProvided}`, isProvided)
      assert.equal(await stores.sessions.add(now, proof), true)
      const renewed = { ...now, secretHash: 'another' }
      assert.equal(await stores.sessions.renew(now.secretHash, renewed, proven), false)
    }
    assert.equal(await stores.sessions.findBySecret('another'), undefined)
  })

  testOnEach(`no way in is added by what was proved before ${what}`, async (sql) => {
    const stores = await openStores(sql)
    const proven = await read(stores)
    await end(stores)
    const codes = { sealed: 'late', lastStep: 0 }
    assert.equal(await stores.credentials.addOneTimeCodes(proven, codes, ['r']), false)
    assert.equal(await stores.passkeys.add(passkeyOf('late'), proven, 9), false)
    assert.equal(await stores.credentials.setRecoveryCodes(proven, ['r'], changed, 1), false)
    assert.equal(await stores.credentials.setEmail(proven, 'late@mail.example', changed, 1), false)
    const identity = { ...identityOf(amara.id), issuer: 'https://late.example' }
    assert.equal(await stores.identities.link(identity, proven, changed, 1), 'overtaken')
    assert.equal((await read(stores)).email, undefined)
    assert.equal((await stores.identities.listOf(amara.id)).length, 1)
    assert.equal(await stores.credentials.oneTimeCodes(amara.id), undefined)
    assert.equal(await stores.credentials.recoveryCodesLeft(amara.id), 0)
    assert.deepEqual(await stores.passkeys.listOf(amara.id), [])
    const proof = await read(stores)
    assert.equal(await stores.credentials.addOneTimeCodes(proof, codes, ['r']), true)
    assert.equal(await stores.passkeys.add(passkeyOf('now'), proof, 9), true)
    assert.equal(await stores.credentials.setRecoveryCodes(proof, ['r', 's'], changed, 1), true)
    assert.equal(await stores.credentials.setEmail(proof, 'now@mail.example', changed, 1), true)
    assert.equal(await stores.identities.link(identity, proof, changed, 1), undefined)
  })

  testOnEach(`of sessions that begin just while ${what} none is left`, async (sql) => {
    const stores = await openStores(sql)
    for (let turn = 0; turn < 8; turn++) {
      const proven = await read(stores)
      const add = (at: number) => stores.sessions.add(sessionOf(`${turn} ${at}`, at % 2 === 1), proven)
      await Promise.all([add(0), add(1), end(stores), add(2), add(3)])
      assert.deepEqual(await stores.sessions.listOf(amara.id), [])
    }
  })
}

const orders = {
  'its session': { sid: 'sid' },
  'its subject': { subject: 's' },
  both: { subject: 's', sid: 'sid' },
} as const

for (const [by, names] of Object.entries(orders))
  testOnEach(`a provider that ends a sign-in by ${by} ends it before there is a session`, async (sql) => {
    const stores = await openStores(sql)
    const { sessions, providers } = stores
    const proof = await read(stores)
    const out = () => assert.fail('no session was there to end')
    const sent = (sentAt: number, more: object = {}) => {
      const session = sessionOf(`${sentAt} ${JSON.stringify(more)}`, true)
      const provider = { issuer, subject: 's', sid: 'sid', authenticatedAt: 1, sentAt, ...more }
      return sessions.add({ ...session, provider }, proof)
    }
    assert.equal(await providers.end({ issuer, jti: '1', expiresAt: 100, ...names }, out, 50), 0)
    assert.deepEqual([await sent(49), await sent(50), await sent(51)], [false, true, true])
    assert.equal(await sent(49, { subject: 'x', sid: 'y' }), true)
    // An order by session alone is none for a sign-in of which the provider named none.
    assert.equal(await sent(49, { sid: undefined }), !('subject' in names))
    assert.equal(await sent(49, { sid: undefined, authenticatedAt: 52 }), true)
    // Whoever proves who they are after the order is in again, but not in the session there that it ended.
    assert.equal(await sent(49, { authenticatedAt: 51 }), !('sid' in names))
    const other = { issuer: 'https://other.example', jti: '2', expiresAt: 100, ...names }
    assert.equal(await providers.end(other, out, 60), 0)
    assert.equal(await sent(59), true)
    // Once it is over it is forgotten.
    assert.equal(await providers.end({ issuer, jti: '3', expiresAt: 200, sid: 'z' }, out, 100), 0)
    assert.equal(await sent(48), true)
  })

testOnEach('an account that is disabled gets no session, whatever was proved', async (sql) => {
  const stores = await openStores(sql)
  await stores.changes.setDisabled(amara.id, true, told, 1)
  const disabled = await read(stores)
  for (const isProvided of [false, true])
    assert.equal(await stores.sessions.add(sessionOf('late', isProvided), disabled), false)
})

testOnEach('of two who change the password at once, by the same proof, one does', async (sql) => {
  const stores = await openStores(sql)
  const proven = await read(stores)
  const done = await Promise.all(
    ['mine', 'yours'].map((hash) => stores.credentials.changePassword(proven, hash, 'kept')),
  )
  assert.deepEqual(
    done.filter((one) => one !== undefined),
    [{ id: amara.id, epoch: 1 }],
  )
  // Whose session was begun with the old one cannot undo what a link did.
  assert.equal(await reset(stores), true)
  assert.equal(await stores.credentials.changePassword(proven, 'again', 'kept'), undefined)
  assert.equal((await read(stores)).passwordHash, 'new')
})

testOnEach(
  'a session is renewed by whoever has its secret of now, and by nobody who has an older one',
  async (sql) => {
    const stores = await openStores(sql)
    const proof = await read(stores)
    const session = sessionOf('mine')
    assert.equal(await stores.sessions.add(session, proof), true)
    assert.equal(await stores.sessions.renew('mine', { ...session, secretHash: 'next' }, proof), true)
    assert.equal(await stores.sessions.renew('mine', { ...session, secretHash: 'stolen' }, proof), false)
    assert.equal((await stores.sessions.find('mine'))?.secretHash, 'next')
  },
)
