/**
 * A database of an older version, with what people had in it, is opened by today's program: nothing is lost, and it all works. From the
 * tables that there were at first, and from before each change that came since.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { trailRules } from '../../src/audit/chain.ts'
import { launchStarted, signedIn } from '../../src/audit/event.ts'
import { fhirAllowed } from '../../src/audit/fhir-access.ts'
import { verifyChain } from '../../src/audit/verify-chain.ts'
import type { Client } from '../../src/authorization/client.ts'
import type { UserGrant } from '../../src/authorization/grant.ts'
import { digestOf } from '../../src/authorization/remembered-consent.ts'
import { silentLog } from '../../src/http/log.ts'
import { createOutbound } from '../../src/http/outbound.ts'
import { hashPassword } from '../../src/identity/passwords.ts'
import { policyOf } from '../../src/identity/test-policy.ts'
import { assemble } from '../../src/server/assemble.ts'
import { openStores } from '../../src/server/stores.ts'
import { keptTag } from '../../src/smart/read-only.ts'
import { createAuditStore } from '../../src/store/audit.ts'
import { migrate } from '../../src/store/migrations.ts'
import { openPostgres } from '../../src/store/postgres/sql.ts'
import { migrations, prepareSchema, schemaState } from '../../src/store/schema.ts'
import type { Sql, SqlValue, SqlWriter } from '../../src/store/sql.ts'
import { openSqlite } from '../../src/store/sqlite/sql.ts'
import { type DatabaseKind, databaseKinds } from '../fixtures/kinds.ts'
import { newDatabase } from '../fixtures/lent-databases.ts'
import { madeKeys } from '../fixtures/made-keys.ts'

const baseUrl = 'http://localhost:8080'
const now = Date.UTC(2026, 0, 15, 9)
const DAY = 24 * 60 * 60 * 1000
const before = now - 2 * DAY
const password = 'the password of this test'
const passwordHash = hashPassword(password)
const sessionSecret = 's'.repeat(43)

/** The tables of the first version that kept anything; every other change came later. */
const first = [
  'records-0001',
  'records-0002',
  'accounts-0001',
  'sessions-0001',
  'clients-0001',
  'codes-0001',
  'flows-0001',
  'grants-0001',
  'signing-keys-0001',
  'launches-0001',
  'audit-0001',
  'server-secret-0001',
]
const later = migrations.map(({ id }) => id).filter((id) => !first.includes(id))

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

const app: Client = {
  id: 'app',
  name: 'Growth',
  authMethod: 'none',
  redirectUris: ['https://app.example/callback'],
  grantTypes: ['authorization_code', 'refresh_token'],
  scope: 'launch/patient openid fhirUser offline_access patient/*.rs',
  createdAt: before,
}
const grantOf = (id: string): UserGrant => ({
  id,
  clientId: app.id,
  userId: 'u-amara',
  userName: 'Amara',
  fhirUser: 'Patient/amara',
  sessionId: sha256(sessionSecret),
  authenticatedAt: before,
  scope: 'offline_access patient/*.rs',
  context: { patient: 'amara' },
  createdAt: before,
})
const patient = { resourceType: 'Patient', id: 'amara', name: [{ family: 'Whitfield' }] }
const observation = {
  resourceType: 'Observation',
  id: 'hb',
  status: 'final',
  code: { text: 'Hb' },
  subject: { reference: 'Patient/amara' },
}
const consent = {
  resourceType: 'Consent',
  id: 'decided',
  meta: { tag: [keptTag] },
  status: 'active',
  scope: { text: 'privacy' },
  category: [{ text: 'app' }],
  patient: { reference: 'Patient/amara' },
  policyRule: { text: 'the decision' },
}
const events = [
  signedIn({ user: 'u-amara', fhirUser: 'Patient/amara' }, 'password'),
  launchStarted({ user: 'u-doctor', client: 'app' }, { patient: 'amara' }),
  fhirAllowed({ user: 'u-doctor' }, { interaction: 'read', type: 'Patient', id: 'amara' }, 200, {
    patients: ['amara'],
    resources: ['Patient/amara'],
  }),
]

type Add = (table: string, row: Readonly<Record<string, SqlValue>>) => Promise<void>

/** What there is already of what came later. */
type Applied = ReadonlySet<string>

/** Adds rows to tables as they are: what came later has no column yet. */
async function fill(tx: SqlWriter): Promise<void> {
  const add: Add = (table, row) => tx.addAll(table, Object.keys(row), [Object.values(row)])
  const applied = new Set((await tx.all<{ id: string }>('SELECT id FROM migrations')).map(({ id }) => id))
  await fillRecords(add, applied)
  await fillPeople(add, applied)
  await fillGrants(add)
  await fillKeys(add, applied)
  for (const [at, event] of events.entries())
    await add('audit', { seq: at + 1, time: before + at, event: JSON.stringify(event) })
  if (applied.has('remembered-consents-0001')) await fillDecision(add, applied)
}

async function fillRecords(add: Add, applied: Applied): Promise<void> {
  const resources = applied.has('decision-records-0001')
    ? [patient, observation, consent]
    : [patient, observation]
  for (const [at, resource] of resources.entries()) {
    const version = {
      row: at + 1,
      version: 1,
      updated: before,
      deleted: 0,
      json: JSON.stringify({
        ...resource,
        meta: {
          ...('meta' in resource && resource.meta),
          versionId: '1',
          lastUpdated: new Date(before).toISOString(),
        },
      }),
    }
    await add('resources', { ...version, type: resource.resourceType, id: resource.id })
    // Such as a start leaves that was killed while it indexed; before there was that list, all are put on it.
    if (applied.has('records-0003')) await add('unindexed', { row: at + 1 })
  }
}

async function fillPeople(add: Add, applied: Applied): Promise<void> {
  await add('accounts', {
    id: 'u-amara',
    username: 'amara',
    name: 'Amara',
    roles: '["patient"]',
    fhir_user: 'Patient/amara',
    password_hash: await passwordHash,
    disabled: 0,
    locale: null,
    care_team_only: 0,
  })
  await add('account_records', { reference: 'Patient/amara', account_id: 'u-amara', position: 0 })
  const secret = sha256(sessionSecret)
  await add('sessions', {
    id: secret,
    account_id: 'u-amara',
    signed_in_at: now - 60_000,
    used_at: now - 60_000,
    ...(applied.has('sessions-0002') && { secret_hash: secret }),
  })
  await add('launches', {
    handle_hash: sha256('the handle'),
    client_id: app.id,
    user_id: 'u-amara',
    session_id: secret,
    context: '{"patient":"amara"}',
    expires_at: now + 60_000,
  })
}

async function fillGrants(add: Add): Promise<void> {
  await add('clients', { id: app.id, disabled: 0, created_at: before, data: JSON.stringify(app) })
  for (const [id, usedAt] of [
    ['grant_old', null],
    ['grant_reused', before + 1],
  ] as const) {
    await add('grants', {
      id,
      client_id: app.id,
      user_id: 'u-amara',
      created_at: before,
      data: JSON.stringify(grantOf(id)),
    })
    await add('refresh_tokens', {
      hash: sha256(`refresh of ${id}`),
      grant_id: id,
      issued_at: before,
      used_at: usedAt,
    })
  }
  const code = {
    hash: sha256('the code'),
    redirectUri: 'https://app.example/callback',
    challenge: sha256('v'.repeat(43)),
    expiresAt: now + 60_000,
    grant: grantOf('grant_of_code'),
  }
  await add('codes', { hash: code.hash, expires_at: code.expiresAt, data: JSON.stringify(code) })
}

async function fillKeys(add: Add, applied: Applied): Promise<void> {
  for (const { kid, alg, privateKey } of await madeKeys)
    await add('signing_keys', {
      kid,
      alg,
      private_key: privateKey,
      created_at: before,
      ...(applied.has('signing-keys-0002') && { signs_from: before }),
    })
}

async function fillDecision(add: Add, applied: Applied): Promise<void> {
  const key = { user_id: 'u-amara', client_id: app.id, patient: 'amara', launch: 'standalone' }
  const { id: clientId, scope } = app
  const decided = {
    userId: 'u-amara',
    clientId,
    patient: 'amara',
    launch: 'standalone',
    asked: scope,
    granted: scope,
    client: digestOf(app),
    decidedAt: before,
    expiresAt: now + DAY,
  }
  await add('remembered_consents', {
    ...key,
    decided_at: before,
    expires_at: now + DAY,
    data: JSON.stringify(decided),
  })
  if (applied.has('decision-records-0001'))
    await add('decision_records', {
      consent_id: 'decided',
      ...key,
      grant_id: 'grant_old',
      lets_in: 1,
      stands_until: now + DAY,
    })
}

async function openBare(kind: DatabaseKind): Promise<Sql> {
  return kind === 'SQLite' ? openSqlite(':memory:') : openPostgres(await newDatabase('bare'))
}

/** Today's program over the database. */
async function start(sql: Sql) {
  const stores = await openStores(sql, () => now)
  const { app: server } = await assemble({
    baseUrl,
    stores,
    log: silentLog,
    now: () => now,
    outbound: createOutbound({ allowLoopback: false }),
    sandbox: undefined,
    policy: () => policyOf({}),
    auditRetention: Number.MAX_SAFE_INTEGER,
  })
  const token = async (form: Readonly<Record<string, string>>) => {
    const reply = await server.inject({
      method: 'POST',
      url: '/oauth/token',
      form: { client_id: app.id, ...form },
    })
    return { status: reply.status, body: JSON.parse(reply.body) as Record<string, string> }
  }
  const fhir = async (accessToken: string, target: string) => {
    const reply = await server.inject({
      url: `/fhir/${target}`,
      headers: { authorization: `Bearer ${accessToken}` },
    })
    return { status: reply.status, body: JSON.parse(reply.body) as { total?: number; id?: string } }
  }
  const cookies: Record<string, string> = { chartkey_session: sessionSecret }
  return { server, stores, token, fhir, cookies }
}

type Started = Awaited<ReturnType<typeof start>>

async function checkTokens({ token, fhir }: Started): Promise<void> {
  const refresh = (refresh_token = '') => token({ grant_type: 'refresh_token', refresh_token })
  const fresh = await refresh('refresh of grant_old')
  assert.equal(fresh.status, 200)
  const { access_token: opens = '', refresh_token: next = '' } = fresh.body
  assert.equal((await fhir(opens, 'Patient/amara')).body.id, 'amara')
  assert.equal((await fhir(opens, 'Observation?patient=amara&_total=accurate')).body.total, 1)
  assert.equal(
    (await fhir(opens, 'AuditEvent?patient=amara&date=lt2026-01-14&_total=accurate')).body.total,
    events.length,
  )
  // The new refresh token works, and a second use of the old one is noticed and ends them all.
  assert.equal((await refresh(next)).status, 200)
  assert.equal((await refresh('refresh of grant_old')).body.error, 'invalid_grant')
  assert.equal((await fhir(opens, 'Patient/amara')).status, 401)
  assert.equal((await refresh('refresh of grant_reused')).body.error, 'invalid_grant')
  const redeeming = {
    grant_type: 'authorization_code',
    code: 'the code',
    redirect_uri: 'https://app.example/callback',
    code_verifier: 'v'.repeat(43),
  }
  assert.equal((await token(redeeming)).status, 200)
}

/** The session from before goes on, its person sees their app and takes it back, and signs in anew with the old password. */
async function checkPerson({ server, stores, cookies }: Started): Promise<void> {
  const taken = await stores.launches.take(
    sha256('the handle'),
    { clientId: app.id, userId: 'u-amara', sessionId: sha256(sessionSecret) },
    now,
  )
  assert.deepEqual(taken?.context, { patient: 'amara' })
  const send = async (url: string, form: Record<string, string>) => {
    const page = await server.inject({ url, cookies })
    Object.assign(cookies, page.cookies)
    const [, _csrf = ''] = /name="_csrf" value="([^"]+)"/.exec(page.body) ?? []
    return { page, reply: await server.inject({ method: 'POST', url, cookies, form: { _csrf, ...form } }) }
  }
  const { page, reply } = await send('/account/apps', { client: app.id })
  assert.match(page.body, /Growth/)
  assert.ok(reply.status < 400, reply.body)
  assert.deepEqual(await stores.rememberedConsents.listOf('u-amara', now), [])
  delete cookies.chartkey_session
  const signedInAgain = await send('/account/sign-in', { username: 'amara', password })
  assert.equal(signedInAgain.reply.status, 303)
}

async function checkTrail(sql: Sql): Promise<void> {
  const store = createAuditStore(sql, trailRules)
  const report = await verifyChain(store)
  assert.equal(report.broken, undefined)
  assert.deepEqual(
    (await store.list(0, events.length)).map(({ event }) => event),
    JSON.parse(JSON.stringify(events)),
  )
}

/** Changes of what is there already; one that only adds a table finds nothing that it could lose. */
const changing = migrations
  .filter(({ sql, only }) =>
    /\b(?:ALTER|DROP|INSERT|UPDATE)\b/.test(`${sql} ${only?.sqlite} ${only?.postgres}`),
  )
  .map(({ id }) => id)
  .filter((id) => later.indexOf(id) > 0)

const points = [
  ['the first version', later] as const,
  ...changing.map((id) => [`before ${id}`, later.slice(later.indexOf(id))] as const),
]

for (const kind of databaseKinds)
  for (const [what, missing] of points)
    test(`${kind}: ${what}`, async () => {
      const sql = await openBare(kind)
      try {
        await migrate(
          sql,
          migrations.filter(({ id }) => !missing.includes(id)),
        )
        await sql.write(fill)
        assert.deepEqual((await schemaState(sql)).missing, missing)
        // Two nodes that start at once.
        await Promise.all([prepareSchema(sql), prepareSchema(sql)])
        assert.deepEqual(await schemaState(sql), { missing: [], unknown: [] })
        const started = await start(sql)
        await checkTokens(started)
        const hadDecision = !missing.includes('decision-records-0001')
        assert.equal(
          (await started.stores.rememberedConsents.listOf('u-amara', now)).length,
          missing.includes('remembered-consents-0001') ? 0 : 1,
        )
        await checkPerson(started)
        if (hadDecision) {
          const ended = await started.stores.records.read('Consent', 'decided')
          assert.deepEqual([ended?.resource?.status, ended?.version], ['inactive', '2'])
        }
        await checkTrail(sql)
        await started.server.close()
      } finally {
        await sql.close()
      }
    })
