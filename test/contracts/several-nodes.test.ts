/** Several nodes on one PostgreSQL: what one has done holds for all, and of those that race one wins. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trailRules } from '../../src/audit/chain.ts'
import { signedOut } from '../../src/audit/event.ts'
import { verifyChain } from '../../src/audit/verify-chain.ts'
import type { Flow } from '../../src/authorization/authorize/flow.ts'
import type { CodeRecord } from '../../src/authorization/grant.ts'
import type { Given } from '../../src/authorization/ports.ts'
import { isVersionConflict } from '../../src/resource/repository.ts'
import { indexing } from '../../src/resource/search/indexing.ts'
import { createAccountStore } from '../../src/store/accounts.ts'
import { createAuditStore, createRecording } from '../../src/store/audit.ts'
import { createClientStore } from '../../src/store/clients.ts'
import { createFlowStore } from '../../src/store/flows.ts'
import { createGrantStore } from '../../src/store/grants.ts'
import { openStore } from '../../src/store/open.ts'
import { createRecords } from '../../src/store/records/records.ts'
import { createReplayStore } from '../../src/store/replays.ts'
import { loadServerSecret } from '../../src/store/server-secret.ts'
import type { Sql } from '../../src/store/sql.ts'
import { decisionsOver } from '../fixtures/decisions.ts'
import { newDatabase } from '../fixtures/lent-databases.ts'

const told = signedOut({ user: 'u' })
const grantsOf = (sql: Sql) => createGrantStore(sql, createRecording(trailRules), decisionsOver(sql))

type Pair = readonly [Sql, Sql]

async function withTwoNodes(run: (nodes: Pair) => Promise<void>): Promise<void> {
  const address = await newDatabase()
  const nodes = [await openStore(address), await openStore(address)] as const
  try {
    await run(nodes)
  } finally {
    for (const node of nodes) await node.close()
  }
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
const hundred = Array.from({ length: 100 }, (_, at) => at)
const refresh = (at: number) => ({ hash: `r${at}`, grantId: 'g', issuedAt: 2 })

async function withCode([one]: Pair): Promise<void> {
  await createClientStore(one).add({
    id: 'app',
    name: 'App',
    authMethod: 'none',
    redirectUris: ['https://app.example/cb'],
    grantTypes: ['authorization_code'],
    scope: 'openid',
    createdAt: 1,
  })
  await createFlowStore(one, decisionsOver(one)).add(flow)
  await createFlowStore(one, decisionsOver(one)).move('consenting', { ...flow, state: 'finished' }, code)
}

/** What each of a hundred attempts came to, taken in turn by the two nodes and all at once. */
function race<Result>(nodes: Pair, attempt: (sql: Sql, at: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(hundred.map((at) => attempt(nodes[at % 2 === 0 ? 0 : 1], at)))
}

test('RFC-05: of a hundred redemptions of one code on two nodes one wins', () =>
  withTwoNodes(async (nodes) => {
    await withCode(nodes)
    const won = await race(nodes, (sql, at) => grantsOf(sql).redeem(code, { now: 2, told }, refresh(at)))
    assert.equal(won.filter((given) => given === 'given').length, 1)
    const { count } =
      (await nodes[0].get<{ count: number }>('SELECT count(*) AS count FROM refresh_tokens')) ?? {}
    assert.equal(count, 1)
  }))

test('REFR-20: of a hundred rotations of one refresh token on two nodes one wins', () =>
  withTwoNodes(async (nodes) => {
    await withCode(nodes)
    await grantsOf(nodes[0]).redeem(code, { now: 2, told }, { hash: 'first', grantId: 'g', issuedAt: 1 })
    const won = await race(nodes, (sql, at) => grantsOf(sql).rotate('first', { now: 3, told }, refresh(at)))
    assert.equal(won.filter((given) => given === 'given').length, 1)
  }))

const assertion = { use: 'client_assertion app', id: 'jti', expiresAt: 2 }

test('CAUTH-37: of a hundred tokens given for one assertion on two nodes one is given', () =>
  withTwoNodes(async (nodes) => {
    await withCode(nodes)
    const given = await race<Given | boolean>(nodes, (sql, at) => {
      const grant = { id: `own ${at}`, clientId: 'app', scope: '', context: {}, createdAt: 2 }
      const one = { now: 2, told, single: assertion }
      // Some ask in vain, and use it up by themselves.
      return at % 10 === 0 ? createReplayStore(sql).isFirst(assertion) : grantsOf(sql).give(grant, one)
    })
    assert.equal(given.filter((one) => one === true || one === 'given').length, 1)
  }))

test('CAUTH-37: of a hundred uses of one assertion on two nodes one is the first', () =>
  withTwoNodes(async (nodes) => {
    const first = await race(nodes, (sql) => createReplayStore(sql).isFirst(assertion))
    assert.equal(first.filter(Boolean).length, 1)
    assert.equal(await createReplayStore(nodes[1]).isFirst(assertion), false)
  }))

test('of many updates that expect the same version one wins, and each winner is a version', () =>
  withTwoNodes(async (nodes) => {
    const records = nodes.map((sql) => createRecords(sql, { indexing, now: () => 0, newId: () => 'made' }))
    const patient = { resourceType: 'Patient', id: 'mei' }
    await records[0]?.update(patient)
    const outcomes = await Promise.allSettled(
      hundred
        .slice(0, 20)
        .map((at) => records[at % 2]?.update({ ...patient, name: [{ family: `n${at}` }] }, { ifMatch: '1' })),
    )
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
    assert.equal(refused.length, 19)
    for (const reason of refused) assert.ok(isVersionConflict(reason), String(reason))
    assert.equal((await records[1]?.history('Patient', 'mei'))?.length, 2)
  }))

test('of many who take one user name one gets it', () =>
  withTwoNodes(async (nodes) => {
    const added = await Promise.all(
      hundred.slice(0, 20).map((at) =>
        createAccountStore(nodes[at % 2 === 0 ? 0 : 1]).add({
          id: `u${at}`,
          username: 'admin',
          name: 'Admin',
          roles: ['admin'],
          records: [],
          disabled: false,
        }),
      ),
    )
    assert.equal(added.filter(Boolean).length, 1)
  }))

test('the trail has the records of all nodes, each group whole and in its order', () =>
  withTwoNodes(async (nodes) => {
    await race(nodes, (sql, at) =>
      createAuditStore(sql, trailRules).append(
        [1, 2, 3].map((step) => ({ time: at * 10 + step, event: signedOut({}) })),
      ),
    )
    const trail = createAuditStore(nodes[0], trailRules)
    const times = (await trail.list(0, 1000)).map(({ time }) => time)
    assert.equal(times.length, 300)
    // One chain, whichever node wrote a record.
    assert.equal((await verifyChain(trail)).broken, undefined)
    for (let at = 0; at < times.length; at += 3)
      assert.deepEqual(
        times.slice(at + 1, at + 3),
        [1, 2].map((step) => (times[at] ?? 0) + step),
      )
  }))

test('nodes that start at once on an empty database make its tables once, and share its secret', async () => {
  const address = await newDatabase('bare')
  const nodes = await Promise.all([1, 2, 3, 4].map(() => openStore(address)))
  const secrets = await Promise.all(nodes.map(loadServerSecret))
  assert.equal(new Set(secrets).size, 1)
  for (const node of nodes) await node.close()
})
