/** With a session end the codes that were given in it, whoever ends it; a redemption at the same moment is first, or is none. */
import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { type AuditEvent, signedOut } from '../audit/event.ts'
import type { CodeRecord } from '../authorization/grant.ts'
import type { Account, StoredSession } from '../identity/account.ts'
import { createAccountStore } from './accounts.ts'
import { createRecording } from './audit.ts'
import { addCode, findCode } from './codes.ts'
import { createCredentialStore } from './credentials.ts'
import { createGrantStore } from './grants.ts'
import { createIdentityStore } from './identities.ts'
import { createProviderSessions } from './provider-sessions.ts'
import { createSessionStore } from './sessions.ts'
import type { Sql } from './sql.ts'

const issuer = 'https://hospital.example'
const account: Account = {
  id: 'u',
  username: 'u',
  name: 'U',
  roles: ['patient'],
  records: [],
  passwordHash: 'old',
  disabled: false,
}
const told: AuditEvent = signedOut({ user: 'u' })
const provider = { issuer, subject: 's', authenticatedAt: 1 }
const session = (id: string): StoredSession => ({
  id,
  secretHash: id,
  accountId: 'u',
  signedInAt: 1,
  usedAt: 1,
  methods: ['pwd'],
})

function codeIn(sessionId: string): CodeRecord {
  return {
    hash: `code of ${sessionId}`,
    redirectUri: 'https://app.example/cb',
    expiresAt: 100,
    grant: {
      id: `grant of ${sessionId}`,
      clientId: 'app',
      userId: 'u',
      userName: 'U',
      sessionId,
      authenticatedAt: 1,
      scope: 'openid',
      context: {},
      createdAt: 2,
    },
  }
}

async function storesOf(sql: Sql) {
  const recording = createRecording(trailRules)
  const identities = createIdentityStore(sql, recording, decisionsOver(sql))
  const sessions = createSessionStore(sql)
  await createAccountStore(sql).add(account)
  const identity = { issuer, subject: 's', accountId: 'u', manages: false, label: 'U', linkedAt: 1 }
  await identities.link(identity, {}, told, 1)
  await sessions.add({ ...session('ends'), provider }, account)
  await sessions.add(session('stays'), account)
  for (const id of ['ends', 'stays']) await sql.write((tx) => addCode(tx, codeIn(id)))
  return {
    identities,
    sessions,
    providers: createProviderSessions(sql, recording),
    credentials: createCredentialStore(sql, recording),
    grants: createGrantStore(sql, recording, decisionsOver(sql)),
  }
}

type Stores = Awaited<ReturnType<typeof storesOf>>

const endings: Readonly<Record<string, (stores: Stores) => Promise<unknown>>> = {
  'somebody signs out': ({ sessions }) => sessions.remove('ends'),
  'all others are ended': ({ sessions }) => sessions.removeOf('u', 'stays'),
  'the password is changed': ({ credentials }) => credentials.changePassword(account, 'new', 'stays'),
  'the provider ends it': ({ providers }) =>
    providers.end({ issuer, jti: 'j', subject: 's', expiresAt: 100 }, () => told, 3),
  'the identity is disconnected': ({ identities }) => identities.unlink('u', issuer, [], told, 3),
}

for (const [what, end] of Object.entries(endings)) {
  testOnEach(`a code ends with its session, and no other one, when ${what}`, async (sql) => {
    const stores = await storesOf(sql)
    await end(stores)
    assert.equal(await stores.sessions.find('ends'), undefined)
    assert.equal(await findCode(sql, 'code of ends'), undefined)
    assert.equal((await findCode(sql, 'code of stays'))?.used, false)
    assert.equal(await stores.grants.redeem(codeIn('ends'), { now: 4, told }), 'gone')
    assert.equal(await stores.grants.redeem(codeIn('stays'), { now: 4, told }), 'given')
  })

  testOnEach(`a code is redeemed before ${what}, or not at all`, async (sql) => {
    const stores = await storesOf(sql)
    const [given] = await Promise.all([stores.grants.redeem(codeIn('ends'), { now: 3, told }), end(stores)])
    const made = (await stores.grants.madeOf('u', 0)).map(({ id }) => id)
    assert.deepEqual(made, given === 'given' ? ['grant of ends'] : [])
    assert.equal((await findCode(sql, 'code of ends'))?.used, given === 'given' ? true : undefined)
  })
}

testOnEach(
  'what a person allowed is found whether it has ended or not, and by when it was made',
  async (sql) => {
    const { grants } = await storesOf(sql)
    await grants.redeem(codeIn('ends'), { now: 3, told })
    await grants.redeem(codeIn('stays'), { now: 3, told })
    await grants.end('grant of ends', 4)
    const made = async (after: number) => (await grants.madeOf('u', after)).map(({ id }) => id).sort()
    assert.deepEqual(await made(1), ['grant of ends', 'grant of stays'])
    assert.deepEqual(await made(2), [])
  },
)
