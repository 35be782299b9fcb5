/** A hundred requests with one code or one refresh token, at once and on two nodes of one PostgreSQL: one is answered. RFC-05, REFR-20. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTrail } from '../../src/audit/trail.ts'
import type { Flow } from '../../src/authorization/authorize/flow.ts'
import type { Client } from '../../src/authorization/client.ts'
import type { CodeRecord } from '../../src/authorization/grant.ts'
import { createAuthorization } from '../../src/authorization/index.ts'
import { randomIds } from '../../src/authorization/secrets.ts'
import { createApp } from '../../src/http/app.ts'
import { createCsrf } from '../../src/http/csrf.ts'
import { silentLog } from '../../src/http/log.ts'
import { createSealer } from '../../src/identity/sealed.ts'
import { openStores } from '../../src/server/stores.ts'
import { openStore } from '../../src/store/open.ts'
import { sha256 } from '../attacks/authorization/world.ts'
import { newDatabase } from '../fixtures/lent-databases.ts'
import { noWayOut } from '../fixtures/no-way-out.ts'

const baseUrl = 'http://localhost:8080'
const redirectUri = 'https://app.example/cb'
const verifier = 'the-verifier-of-these-tests-has-more-than-43-characters'
const client: Client = {
  id: 'app',
  name: 'App',
  authMethod: 'none',
  redirectUris: [redirectUri],
  grantTypes: ['authorization_code', 'refresh_token'],
  scope: 'openid offline_access patient/*.rs',
  createdAt: 1,
}
const hundred = Array.from({ length: 100 }, (_, at) => at)

async function openNode(address: string) {
  const now = Date.now
  const sql = await openStore(address)
  const stores = await openStores(sql, now)
  const authorization = await createAuthorization({
    ...stores,
    baseUrl,
    registration: { keepsWaiting: true, mostWaiting: 20, statementIssuers: [] },
    outbound: noWayOut,
    signIn: {
      currentUser: async () => undefined,
      signInUrl: () => '/',
      endSession: async () => [],
      isSessionLive: async () => true,
      isUserActive: async () => true,
    },
    directory: {
      search: async () => [],
      describe: async () => undefined,
      own: async () => [],
      encounters: async () => [],
      ownersOf: async () => undefined,
      resources: async () => [],
    },
    sealerOf: (one) => createSealer(one, 'answers'),
    supportsFilter: () => true,
    audit: createTrail(stores.audit, now),
    csrf: createCsrf(stores.secret),
    now,
  })
  const app = createApp({
    routes: authorization.routes,
    log: silentLog,
    baseUrl,
    allowsOrigin: authorization.allowsOrigin,
  })
  return { sql, stores, app, authorization }
}

type Node = Awaited<ReturnType<typeof openNode>>

async function withTwoNodes(run: (nodes: readonly [Node, Node]) => Promise<void>): Promise<void> {
  const address = await newDatabase()
  const nodes = [await openNode(address), await openNode(address)] as const
  try {
    await nodes[0].stores.clients.add(client)
    await run(nodes)
  } finally {
    for (const { sql } of nodes) await sql.close()
  }
}

/** A code as the end of a flow leaves it. */
async function issueCode({ stores }: Node): Promise<string> {
  const code = randomIds.secret()
  const record: CodeRecord = {
    hash: sha256(code),
    redirectUri,
    challenge: sha256(verifier),
    expiresAt: Date.now() + 60_000,
    grant: {
      id: randomIds.id('grant_'),
      clientId: client.id,
      userId: 'u',
      userName: 'U',
      sessionId: 's',
      authenticatedAt: Date.now(),
      scope: 'openid offline_access patient/*.rs',
      context: { patient: 'p' },
      createdAt: Date.now(),
    },
  }
  const flow = {
    hash: sha256(`flow of ${code}`),
    state: 'consenting',
    expiresAt: Date.now() + 60_000,
    context: {},
  } as Partial<Flow> as Flow
  await stores.flows.add(flow)
  await stores.flows.move('consenting', { ...flow, state: 'finished' }, record)
  return code
}

interface Answer {
  readonly access_token: string
  readonly refresh_token: string
  readonly error?: string
}

async function ask({ app }: Node, form: Record<string, string>) {
  const reply = await app.inject({ method: 'POST', url: '/oauth/token', form })
  return { status: reply.status, body: JSON.parse(reply.body) as Answer }
}

const redeem = (node: Node, code: string) =>
  ask(node, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    client_id: client.id,
  })
const refresh = (node: Node, token: string) =>
  ask(node, { grant_type: 'refresh_token', refresh_token: token, client_id: client.id })

/** All at once, by turns on the two nodes: one is answered, the others are refused in the words of the specification. */
async function race(
  nodes: readonly [Node, Node],
  request: (node: Node) => ReturnType<typeof ask>,
): Promise<Answer> {
  const replies = await Promise.all(hundred.map((at) => request(nodes[at % 2 === 0 ? 0 : 1])))
  const [won, ...more] = replies.filter(({ status }) => status === 200)
  assert.ok(won)
  assert.equal(more.length, 0)
  const refused = replies.filter(({ status }) => status !== 200)
  assert.equal(refused.length, 99)
  for (const { status, body } of refused) assert.deepEqual([status, body.error], [400, 'invalid_grant'])
  return won.body
}

/** What the one was given is worth nothing any more, on both nodes. */
async function isOver(nodes: readonly [Node, Node], { access_token, refresh_token }: Answer): Promise<void> {
  for (const node of nodes) {
    assert.equal(await node.authorization.verifyAccessToken(access_token), undefined)
    assert.equal((await refresh(node, refresh_token)).body.error, 'invalid_grant')
  }
}

test('RFC-05: of a hundred redemptions of one code on two nodes one is answered, and reuse ends what it gave', () =>
  withTwoNodes(async (nodes) => {
    const code = await issueCode(nodes[0])
    await isOver(nodes, await race(nodes, (node) => redeem(node, code)))
  }))

test('REFR-20: of a hundred refreshes with one token on two nodes one is answered, and reuse ends the family', () =>
  withTwoNodes(async (nodes) => {
    const first = (await redeem(nodes[0], await issueCode(nodes[0]))).body
    const won = await race(nodes, (node) => refresh(node, first.refresh_token))
    await isOver(nodes, won)
    assert.equal(await nodes[1].authorization.verifyAccessToken(first.access_token), undefined)
  }))

test('RFC-23: what is revoked on one node is revoked on the other', () =>
  withTwoNodes(async (nodes) => {
    const [one, other] = nodes
    const { access_token, refresh_token } = (await redeem(one, await issueCode(one))).body
    const form = { token: access_token, client_id: client.id }
    await one.app.inject({ method: 'POST', url: '/oauth/revoke', form })
    assert.equal(await other.authorization.verifyAccessToken(access_token), undefined)
    const next = (await refresh(other, refresh_token)).body
    assert.ok(await one.authorization.verifyAccessToken(next.access_token))
  }))
