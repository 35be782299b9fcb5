import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { Removal } from '../identity/credential-ports.ts'
import { createAccountStore } from './accounts.ts'
import { createAuditStore, createRecording } from './audit.ts'
import { createCredentialStore } from './credentials.ts'
import { createIdentityStore } from './identities.ts'
import { createPasskeyStore } from './passkeys.ts'
import type { Sql } from './sql.ts'

const people = 12
const told: AuditEvent = { kind: 'account-security', outcome: 'success', actor: {}, change: 'removed' }
const issuers = ['https://hospital.example', 'https://national.example']
const [hospital = '', national = ''] = issuers
const names = Array.from({ length: people }, (_, index) => `u${index}`)

/** Accounts without a password, and the stores of what they sign in with. */
async function openPeople(sql: Sql, passwordHash?: string) {
  const recording = createRecording(trailRules)
  const accounts = createAccountStore(sql)
  const identities = createIdentityStore(sql, recording, decisionsOver(sql))
  const passkeys = createPasskeyStore(sql, recording)
  const credentials = createCredentialStore(sql, recording)
  for (const id of names) {
    await accounts.add({
      id,
      username: id,
      name: id,
      roles: ['patient'],
      records: [],
      disabled: false,
      ...(passwordHash !== undefined && { passwordHash }),
    })
  }
  const link = (accountId: string, issuer: string) => {
    const identity = { issuer, subject: accountId, accountId, manages: false, label: accountId, linkedAt: 1 }
    return identities.link(identity, {}, told, 1)
  }
  const own = async (accountId: string, id: string) => {
    const passkey = { id, accountId, name: id, publicKey: 'key', counter: 0, transports: [], createdAt: 1 }
    assert.equal(await passkeys.add(passkey, { id: accountId }, 9), true)
  }
  const recorded = async () =>
    (await createAuditStore(sql, trailRules).list(0, 1000)).filter(
      ({ event }) => event.kind === 'account-security' && event.change === 'gone',
    ).length
  return { identities, passkeys, credentials, link, own, recorded }
}

const gone: AuditEvent = { ...told, change: 'gone' }

/** Of two that ran at once for each person, one took its way away and the other found it the last; one is on record. */
function checkOneEach(all: readonly (readonly [Removal, Removal])[], refused: Removal): void {
  const expected = ['removed', refused].sort()
  for (const pair of all) assert.deepEqual([...pair].sort(), expected)
}

testOnEach('of two identities that are disconnected at once one stays, for everybody', async (sql) => {
  const { identities, link, recorded } = await openPeople(sql)
  for (const id of names) for (const issuer of issuers) assert.equal(await link(id, issuer), undefined)
  const both = names.map((id) =>
    Promise.all([
      identities.unlink(id, hospital, issuers, gone, 2),
      identities.unlink(id, national, issuers, gone, 2),
    ]),
  )
  checkOneEach(await Promise.all(both), 'last-way')
  for (const id of names) assert.equal((await identities.listOf(id)).length, 1)
  assert.equal(await recorded(), people)
})

testOnEach('an identity and the last passkey that go at once do not both go', async (sql) => {
  const { identities, passkeys, link, own, recorded } = await openPeople(sql)
  for (const id of names) {
    await link(id, hospital)
    await own(id, `k-${id}`)
  }
  const needed = { issuers, secondFactor: false }
  const both = names.map((id) =>
    Promise.all([
      identities.unlink(id, hospital, issuers, gone, 2),
      passkeys.remove(id, `k-${id}`, needed, gone, 2),
    ]),
  )
  checkOneEach(await Promise.all(both), 'last-way')
  assert.equal(await recorded(), people)
})

testOnEach('the last two second factors do not both go where one is needed', async (sql) => {
  const { passkeys, credentials, own } = await openPeople(sql, 'hash')
  for (const id of names) {
    await own(id, `k-${id}`)
    await credentials.addOneTimeCodes({ id }, { sealed: 's', lastStep: 0 }, ['r'])
  }
  const needed = { issuers, secondFactor: true }
  const both = names.map((id) =>
    Promise.all([
      passkeys.remove(id, `k-${id}`, needed, gone, 2),
      credentials.removeOneTimeCodes(id, needed, gone, 2),
    ]),
  )
  checkOneEach(await Promise.all(both), 'last-factor')
})

testOnEach(
  'what is no way in does not count: an identity of a provider that is not there any more',
  async (sql) => {
    const { identities, passkeys, link, own } = await openPeople(sql)
    await link('u0', hospital)
    await link('u0', 'https://former.example')
    assert.equal(await identities.unlink('u0', hospital, [hospital], gone, 2), 'last-way')
    assert.equal((await identities.listOf('u0')).length, 2)
    await own('u1', 'k1')
    assert.equal(await passkeys.remove('u1', 'k1', { issuers: [], secondFactor: false }, gone, 2), 'last-way')
    assert.ok(await passkeys.find('k1'))
  },
)
