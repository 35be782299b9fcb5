import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { tokenIssued } from '../audit/event.ts'
import type { Flow } from '../authorization/authorize/flow.ts'
import type { Client } from '../authorization/client.ts'
import type { AccessClaims, CodeRecord } from '../authorization/grant.ts'
import type { Giving } from '../authorization/ports.ts'
import { createAuditStore, createRecording } from './audit.ts'
import { createClientStore } from './clients.ts'
import { createFlowStore } from './flows.ts'
import { createGrantStore } from './grants.ts'
import { openStore } from './open.ts'
import { createReplayStore } from './replays.ts'
import type { Sql } from './sql.ts'

const client: Client = {
  id: 'app',
  name: 'App',
  authMethod: 'none',
  redirectUris: ['https://app.example/cb', 'org.example.app:/cb'],
  grantTypes: ['authorization_code'],
  scope: 'openid',
  createdAt: 1,
}
const code: CodeRecord = {
  hash: 'c',
  redirectUri: 'https://app.example/cb',
  challenge: 'x',
  expiresAt: 100,
  grant: {
    id: 'g',
    clientId: 'app',
    userId: 'u',
    userName: 'U',
    sessionId: 's',
    authenticatedAt: 0,
    scope: 'openid',
    context: { patient: 'p' },
    createdAt: 1,
  },
}
const flow = { hash: 'f', state: 'consenting', expiresAt: 100, context: {} } as Partial<Flow> as Flow
const told = tokenIssued({ client: 'app' }, 'authorization_code', 'openid')
const giving = (now: number): Giving => ({ now, told })
const refresh = (hash: string) => ({ hash, grantId: 'g', issuedAt: 2 })

function storesOf(sql: Sql) {
  return {
    clients: createClientStore(sql),
    flows: createFlowStore(sql, decisionsOver(sql)),
    grants: createGrantStore(sql, createRecording(trailRules), decisionsOver(sql)),
  }
}

async function withCode(sql: Sql) {
  const all = storesOf(sql)
  await all.clients.add(client)
  await all.flows.add(flow)
  await all.flows.move('consenting', { ...flow, state: 'finished' }, code)
  return all
}

testOnEach('a flow ends once, and the code is stored with its end', async (sql) => {
  const { flows, grants } = await withCode(sql)
  assert.equal(await flows.move('consenting', { ...flow, state: 'finished' }, { ...code, hash: 'c2' }), false)
  assert.equal(await grants.findCode('c2'), undefined)
  assert.deepEqual((await grants.findCode('c'))?.code, code)
})

testOnEach('RFC-05: a code is redeemed once, with its refresh token or not at all', async (sql) => {
  const { grants } = await withCode(sql)
  assert.equal(await grants.isLive('g'), false)
  assert.equal(await grants.redeem(code, giving(2), refresh('r1')), 'given')
  assert.equal(await grants.redeem(code, giving(3), refresh('r2')), 'gone')
  assert.equal(await grants.findRefresh('r2'), undefined)
  assert.equal((await grants.findRefresh('r1'))?.grant.context.patient, 'p')
  assert.equal(await grants.isLive('g'), true)
})

testOnEach('a redemption that fails half-way leaves the code as it was', async (sql) => {
  const { grants } = await withCode(sql)
  await assert.rejects(grants.redeem(code, giving(2), { hash: 'r1', grantId: 'unknown', issuedAt: 2 }))
  assert.equal((await grants.findCode('c'))?.used, false)
  assert.equal(await grants.findGrant('g'), undefined)
})

testOnEach('REFR-20: a refresh token is rotated once, and not after its grant ended', async (sql) => {
  const { grants } = await withCode(sql)
  await grants.redeem(code, giving(2), refresh('r1'))
  assert.equal(await grants.rotate('r1', giving(3), refresh('r2')), 'given')
  assert.equal(await grants.rotate('r1', giving(3), refresh('r3')), 'gone')
  assert.equal((await grants.findRefresh('r1'))?.used, true)
  await grants.end('g', 4)
  assert.equal(await grants.rotate('r2', giving(5), refresh('r4')), 'gone')
  assert.equal(await grants.isLive('g'), false)
  assert.equal((await grants.findRefresh('r2'))?.ended, true)
})

testOnEach('RFC 8693 §2.2: nothing more is issued for a grant that ended', async (sql) => {
  const { grants } = await withCode(sql)
  assert.equal(await grants.issue('g', giving(1)), 'gone')
  await grants.redeem(code, giving(2))
  assert.equal(await grants.issue('g', giving(3)), 'given')
  await grants.end('g', 4)
  assert.equal(await grants.issue('g', giving(5)), 'gone')
})

testOnEach('a grant of a disabled app is not live', async (sql) => {
  const { grants, clients } = await withCode(sql)
  await grants.redeem(code, giving(2))
  await clients.change(client.id, () => ({ ...client, disabled: true }))
  assert.equal(await grants.isLive('g'), false)
  assert.equal(await clients.hasOrigin('https://app.example'), false)
})

testOnEach('CORS-06: origins follow the redirect URIs', async (sql) => {
  const { clients } = await withCode(sql)
  assert.equal(await clients.hasOrigin('https://app.example'), true)
  assert.equal(await clients.hasOrigin('null'), false)
  await clients.change(client.id, () => ({ ...client, redirectUris: ['https://other.example/cb'] }))
  assert.equal(await clients.hasOrigin('https://app.example'), false)
  assert.equal(await clients.hasOrigin('https://other.example'), true)
})

testOnEach(
  'sweeping forgets expired flows and unused codes, and keeps used codes for their reuse',
  async (sql) => {
    const { flows, grants } = await withCode(sql)
    await grants.redeem(code, giving(2))
    await flows.sweep(99)
    assert.ok(await flows.find('f'))
    await flows.sweep(100)
    await grants.sweep(200)
    assert.equal(await flows.find('f'), undefined)
    assert.equal((await grants.findCode('c'))?.used, true)
  },
)

testOnEach(
  'RFC-23: what a node that is minutes ahead sweeps stays revoked, or known, where it is not over yet',
  async (sql) => {
    const { grants } = await withCode(sql)
    const exp = 1000
    const claims = { exp: exp / 1000, jti: 'at_2' } as AccessClaims
    await grants.redeem(code, { ...giving(2), access: { hash: 'opaque', claims } })
    await grants.revokeToken('at_1', exp)
    const ahead = 5 * 60 * 1000
    await grants.sweep(exp - 1 + ahead)
    assert.equal(await grants.isLive('g', 'at_1'), false)
    assert.notEqual(await grants.findAccess('opaque'), undefined)
    await grants.sweep(exp + 60 * 60 * 1000)
    assert.deepEqual(await sql.all('SELECT * FROM revoked_tokens'), [])
    assert.equal(await grants.findAccess('opaque'), undefined)
  },
)

test('what was redeemed is there after the process is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-grants-'))
  const first = await openStore(folder)
  const { grants } = await withCode(first)
  await grants.redeem(code, giving(2), refresh('r1'))
  // A second connection sees only what was committed; the first is never closed in an orderly way.
  const second = await openStore(folder)
  assert.equal((await storesOf(second).grants.findCode('c'))?.used, true)
  assert.ok(await storesOf(second).grants.findRefresh('r1'))
  await first.close()
  await second.close()
  rmSync(folder, { recursive: true })
})

testOnEach('what was given is on record, what was not given is not', async (sql) => {
  const { grants } = await withCode(sql)
  await grants.redeem(code, giving(2), refresh('r1'))
  await grants.redeem(code, giving(3), refresh('r2'))
  await grants.rotate('r1', giving(4), refresh('r3'))
  await grants.rotate('r1', giving(5), refresh('r4'))
  const kept = await createAuditStore(sql, trailRules).list(0, 10)
  assert.deepEqual(
    kept.map(({ time, event }) => [time, event]),
    [
      [2, told],
      [4, told],
    ],
  )
})

testOnEach(
  'CAUTH-37: what is given uses its assertion up, what is not given leaves it, and by a used one nothing is given',
  async (sql) => {
    const { grants } = await withCode(sql)
    const replays = createReplayStore(sql)
    const by = (id: string): Giving => ({
      ...giving(2),
      single: { use: 'client_assertion app', id, expiresAt: 100 },
    })
    assert.equal(await grants.redeem(code, by('one'), refresh('r1')), 'given')
    assert.equal(await grants.rotate('r1', by('one'), refresh('r2')), 'repeated')
    assert.equal(await grants.issue('g', by('one')), 'repeated')
    assert.equal((await grants.findRefresh('r1'))?.used, false)
    assert.equal(await grants.findRefresh('r2'), undefined)
    assert.equal(await grants.redeem(code, by('two'), refresh('r3')), 'gone')
    assert.equal(await grants.rotate('r1', by('two'), refresh('r2')), 'given')
    for (const id of ['one', 'two'])
      assert.equal(await replays.isFirst({ use: 'client_assertion app', id, expiresAt: 100 }), false)
    assert.equal((await createAuditStore(sql, trailRules).list(0, 10)).length, 2)
  },
)

testOnEach('what cannot be put on record is not given', async (sql) => {
  await withCode(sql)
  const full = { ...createRecording(trailRules), append: () => Promise.reject(new Error('the disk is full')) }
  const failing = createGrantStore(sql, full, decisionsOver(sql))
  await assert.rejects(failing.redeem(code, giving(2), refresh('r1')), /the disk is full/)
  assert.equal((await failing.findCode('c'))?.used, false)
  assert.equal(await failing.findRefresh('r1'), undefined)
})

testOnEach(
  'BKND-10: a grant of an app itself lives with its app, is nobody’s, and has its record',
  async (sql) => {
    const { clients, grants } = storesOf(sql)
    await clients.add(client)
    const own = { id: 'own', clientId: 'app', scope: 'system/Patient.rs', context: {}, createdAt: 5 }
    await grants.give(own, giving(5))
    assert.deepEqual(await grants.findGrant('own'), own)
    assert.equal(await grants.isLive('own'), true)
    assert.deepEqual(await grants.liveOf('', { madeAfter: 0, refreshedAfter: 0 }), [])
    const row = await sql.get<{ n: number }>('SELECT count(*) AS n FROM audit')
    assert.equal(Number(row?.n), 1)
    await clients.change(client.id, () => ({ ...client, disabled: true }))
    assert.equal(await grants.isLive('own'), false)
  },
)

testOnEach(
  'BKND-17: what apps have for themselves is forgotten after a day, what users allowed is not',
  async (sql) => {
    await withCode(sql)
    const { grants } = storesOf(sql)
    await grants.redeem(code, giving(2), refresh('r'))
    await grants.give({ id: 'own', clientId: 'app', scope: '', context: {}, createdAt: 2 }, giving(2))
    await grants.sweep(2 + 24 * 60 * 60 * 1000)
    assert.equal(await grants.findGrant('own'), undefined)
    assert.notEqual(await grants.findGrant('g'), undefined)
  },
)
