import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { administered } from '../audit/event.ts'
import type { Client } from '../authorization/client.ts'
import type { InitialToken, RegisteredApp } from '../authorization/registration/ports.ts'
import { createAuditStore, createRecording } from './audit.ts'
import { createClientStore } from './clients.ts'
import { createGrantList } from './grant-list.ts'
import { createGrantStore } from './grants.ts'
import { createRegistrationStore } from './registrations.ts'
import type { Sql } from './sql.ts'

const client: Client = {
  id: 'app',
  name: 'App',
  authMethod: 'none',
  redirectUris: ['https://app.example/cb'],
  grantTypes: ['authorization_code'],
  scope: 'openid',
  createdAt: 1,
}
const app: RegisteredApp = { client, registration: { origin: 'open', tokenHash: 'h' } }
const told = administered({}, 'app-changed', { kind: 'app', id: 'app' })
const token: InitialToken = {
  id: 'iat_1',
  name: 'Partner',
  hash: 'hash',
  createdAt: 1,
  expiresAt: 1000,
  usesLeft: 3,
  scope: 'openid',
  backend: false,
}

function storesOf(sql: Sql) {
  const recording = createRecording(trailRules)
  return {
    registrations: createRegistrationStore(sql, recording, decisionsOver(sql)),
    clients: createClientStore(sql),
    grants: createGrantStore(sql, recording, decisionsOver(sql)),
    grantList: createGrantList(sql, recording, decisionsOver(sql)),
    trail: createAuditStore(sql, trailRules),
  }
}

testOnEach('an app is kept with its registration, and one of before has an administrator’s', async (sql) => {
  const { registrations, clients } = storesOf(sql)
  await clients.add({ ...client, id: 'old' })
  await registrations.add(app, told, 1)
  assert.deepEqual(await registrations.find('app'), app)
  assert.deepEqual((await registrations.find('old'))?.registration, { origin: 'administrator' })
  assert.equal((await registrations.list()).length, 2)
  assert.deepEqual(await clients.find('app'), client)
})

testOnEach(
  'an app of an older version keeps its one secret through a change by an administrator',
  async (sql) => {
    const { registrations, clients } = storesOf(sql)
    const older = { ...client, authMethod: 'client_secret_basic', secretHash: 'kept' }
    const values = ['app', 0, 1, JSON.stringify(older)] as const
    await sql.write((tx) =>
      tx.run('INSERT INTO clients (id, disabled, created_at, data) VALUES (?, ?, ?, ?)', ...values),
    )
    const kept = [{ hash: 'kept', createdAt: 1 }]
    assert.deepEqual(
      (await registrations.list()).map((one) => one.client.secrets),
      [kept],
    )
    await registrations.change('app', 2, (now) => ({
      app: { ...now, client: { ...now.client, name: 'Renamed' } },
      told,
    }))
    assert.deepEqual((await clients.find('app'))?.secrets, kept)
    const row = await sql.get<{ data: string }>("SELECT data FROM clients WHERE id = 'app'")
    assert.equal(row?.data.includes('secretHash'), false)
  },
)

testOnEach('an initial token that many use at once is used as often as it has uses', async (sql) => {
  const { registrations } = storesOf(sql)
  await registrations.addInitialToken(token, told)
  const uses = Array.from({ length: 10 }, (_, at) =>
    registrations.add({ ...app, client: { ...client, id: `app-${at}` } }, told, 10, { initialToken: 'hash' }),
  )
  assert.equal((await Promise.all(uses)).filter((added) => added === 'added').length, 3)
  assert.equal((await registrations.list()).length, 3)
  assert.equal((await registrations.findInitialToken('hash'))?.usesLeft, 0)
})

testOnEach('an initial token that is over or revoked adds nothing', async (sql) => {
  const { registrations } = storesOf(sql)
  await registrations.addInitialToken(token, told)
  assert.equal(await registrations.add(app, told, 1000, { initialToken: 'hash' }), 'token-over')
  assert.equal(await registrations.revokeInitialToken('iat_1', 5, told), true)
  assert.equal(await registrations.revokeInitialToken('iat_1', 6, told), false)
  assert.equal(await registrations.add(app, told, 10, { initialToken: 'hash' }), 'token-over')
  assert.deepEqual(await registrations.list(), [])
  assert.equal((await registrations.listInitialTokens())[0]?.revokedAt, 5)
})

testOnEach('changes that come at once follow each other, each on record', async (sql) => {
  const { registrations, trail } = storesOf(sql)
  await registrations.add(app, told, 1)
  const longer = (one: RegisteredApp) => ({
    app: { ...one, client: { ...one.client, name: `${one.client.name}!` } },
    told,
  })
  await Promise.all(Array.from({ length: 10 }, () => registrations.change('app', 2, longer)))
  assert.equal((await registrations.find('app'))?.client.name, 'App!!!!!!!!!!')
  assert.equal((await trail.list(0, 100)).length, 11)
  assert.equal(await registrations.change('nobody', 2, longer), undefined)
  assert.equal(await registrations.change('app', 2, () => undefined), undefined)
  assert.equal((await trail.list(0, 100)).length, 11)
})

testOnEach('of those that add an app of one id at once, one does', async (sql) => {
  const { registrations } = storesOf(sql)
  const added = await Promise.all(
    Array.from({ length: 5 }, () => registrations.addIfAbsent(app, told, 1, {})),
  )
  assert.equal(added.filter((one) => one === 'added').length, 1)
})

testOnEach(
  'of apps that come at once no more wait than there is room for, however they come',
  async (sql) => {
    const { registrations, trail } = storesOf(sql)
    const waiting = (id: string): RegisteredApp => ({
      client: { ...client, id, disabled: true, approval: 'waiting' },
      registration: { origin: 'open', waitsFor: ['approval'] },
    })
    const room = { mostWaiting: 3 }
    const added = await Promise.all(
      Array.from({ length: 8 }, (_, at) => [
        registrations.add(waiting(`app-${at}`), told, 1, room),
        registrations.addIfAbsent(waiting(`https://${at}.example/app`), told, 1, room),
      ]).flat(),
    )
    assert.deepEqual(
      [added.filter((one) => one === 'added').length, added.filter((one) => one === 'full').length],
      [3, 13],
    )
    assert.equal((await registrations.list()).length, 3)
    assert.equal((await trail.list(0, 100)).length, 3)
    // Who waits for nobody, and who was let in by an initial token, needs no room.
    assert.equal(await registrations.add(app, told, 1, room), 'added')
    assert.equal(await registrations.add(waiting('let-in'), told, 1), 'added')
  },
)

testOnEach('an app that is removed takes its grants with it', async (sql) => {
  const { registrations, grants, grantList, clients } = storesOf(sql)
  await registrations.add(app, told, 1)
  const grant = { id: 'g', clientId: 'app', scope: 'system/*.rs', context: {}, createdAt: 1 }
  await grants.give(grant, { now: 1, told })
  assert.equal(await grants.isLive('g'), true)
  await registrations.change('app', 2, () => ({ remove: true, told }))
  assert.equal(await grants.isLive('g'), false)
  assert.equal(await clients.find('app'), undefined)
  assert.equal(await clients.hasOrigin('https://app.example'), false)
  assert.deepEqual(await grantList.list({ clientId: 'app' }, 10), [])
  assert.equal((await grantList.list({ clientId: 'app', ended: true }, 10))[0]?.endedAt, 2)
})

testOnEach('grants are listed and ended by app and by id, each end on record', async (sql) => {
  const { registrations, grants, grantList, trail } = storesOf(sql)
  await registrations.add(app, told, 1)
  for (const id of ['g1', 'g2']) {
    await grants.give({ id, clientId: 'app', scope: 'x', context: {}, createdAt: 1 }, { now: 1, told })
  }
  const before = (await trail.list(0, 100)).length
  const both = { grant: () => told, decisions: () => told }
  assert.equal((await grantList.end({ id: 'g1' }, 5, both)).revoked, 1)
  assert.equal((await grantList.end({ id: 'g1' }, 6, both)).revoked, 0)
  assert.deepEqual(
    (await grantList.list({ clientId: 'app' }, 10)).map(({ grant }) => grant.id),
    ['g2'],
  )
  assert.equal((await grantList.end({ clientId: 'app' }, 7, both)).revoked, 1)
  assert.equal((await trail.list(0, 100)).length, before + 2)
})

testOnEach(
  'a document that nobody gave anything is forgotten; what an administrator decided is not',
  async (sql) => {
    const { registrations, grants } = storesOf(sql)
    const document = { fetchedAt: 10, freshUntil: 20 }
    const add = (id: string, more: Partial<Client> = {}) =>
      registrations.add(
        { client: { ...client, id, ...more }, registration: { origin: 'document', document } },
        told,
        1,
      )
    await add('https://a.example/unused')
    await add('https://a.example/used')
    await add('https://a.example/waiting', { disabled: true, approval: 'waiting' })
    await add('https://a.example/refused', { disabled: true, approval: 'refused' })
    await registrations.add(app, told, 1)
    await grants.give(
      { id: 'g', clientId: 'https://a.example/used', scope: 'x', context: {}, createdAt: 1 },
      { now: 1, told },
    )
    // One waits, which is all that a room for one has place for.
    const full = { ...app, client: { ...client, id: 'next', approval: 'waiting' as const } }
    assert.equal(await registrations.add(full, told, 1, { mostWaiting: 1 }), 'full')
    await registrations.sweep(9)
    assert.equal((await registrations.list()).length, 5)
    await registrations.sweep(10)
    const kept = (await registrations.list()).map(({ client }) => client.id).sort()
    assert.deepEqual(kept, ['app', 'https://a.example/refused', 'https://a.example/used'])
  },
)
