/**
 * The database itself is killed at random moments while apps exchange codes, refresh and write. Meanwhile each request is
 * answered, in its endpoint's own format; afterwards the server goes on by itself, and all that it acknowledged is there.
 */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { openPostgres } from '../../src/store/postgres/sql.ts'
import { type MortalCluster, startCluster } from '../fixtures/postgres.ts'
import { type Served, serve } from '../fixtures/process.ts'
import { type App, exchangeForm, registerApp, requestToken, Visitor } from '../fixtures/visitor.ts'
import { type Chance, createChance } from './chance.ts'
import { checkCreations, checkHolding, checkTrail } from './checks.ts'
import { persist, type Stubborn } from './persisting.ts'

const ROUNDS = 2
const LANES = 4
const MOST_ACKNOWLEDGED = 40
const SCOPE = 'openid fhirUser offline_access launch/patient patient/Observation.crus'

test('the death of all of PostgreSQL among token requests and writes loses nothing acknowledged', async (t) =>
  survive(t, async ({ cluster, server, app }) => {
    await cluster.kill()
    await checkRefusals(server.base, app)
    await cluster.startAgain()
  }))

test('the death of one process of PostgreSQL among token requests and writes loses nothing acknowledged', async (t) =>
  survive(t, async ({ cluster, data, chance }) => {
    const serving = await processesOf(data)
    await cluster.killOne(serving[chance.below(serving.length)] ?? 0)
  }))

test('what PostgreSQL acknowledged at the moment of its death is there: it is on the disk before anybody is told', async (t) => {
  const { cluster, data } = await openDatabase(t, 'lazy')
  const sql = openPostgres(data)
  t.after(() => sql.close())
  await sql.write((tx) => tx.script('CREATE TABLE notes (text TEXT PRIMARY KEY) STRICT'))
  for (const text of ['first', 'second', 'third']) {
    await sql.write((tx) => tx.addAll('notes', ['text'], [[text]]), { inTurn: 'notes' })
    await cluster.kill()
    await cluster.startAgain()
    assert.equal(await count(data, 'notes', `text = '${text}'`), 1, text)
    while (!(await sql.isReady())) await setTimeout(20)
  }
})

interface Scene {
  readonly cluster: MortalCluster
  readonly data: string
  readonly server: Served
  readonly app: App
  readonly chance: Chance
}

async function survive(t: TestContext, harm: (scene: Scene) => Promise<void>): Promise<void> {
  const chance = createChance()
  t.diagnostic(`seed ${chance.seed}`)
  const { cluster, data } = await openDatabase(t)
  const server = await serve(data, '--sandbox', '--log-level', 'silent')
  t.after(() => server.kill())
  const app = await registerApp(server.base, SCOPE)
  const scene = { cluster, data, server, app, chance }
  const visitor = new Visitor(server.base, { username: 'dr.lin', password: 'sandbox' })
  await visitor.authorize(app)

  const work: Stubborn = { holdings: [], creations: [], acknowledge: () => undefined, over: false }
  const lanes = Promise.all(Array.from({ length: LANES }, () => persist(server.base, app, visitor, work)))
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.race([acknowledged(work, 1 + chance.below(MOST_ACKNOWLEDGED)), lanes])
    await harm(scene)
  }
  // It has come back by itself: what comes now is acknowledged.
  await Promise.race([acknowledged(work, MOST_ACKNOWLEDGED), lanes])
  work.over = true
  await lanes

  assert.equal(server.process.exitCode, null, 'the server lives')
  await checkTrail({ count: (table, condition) => count(data, table, condition) }, work.creations)
  for (const holding of work.holdings) await checkHolding(server.base, app, holding)
  await checkCreations(server.base, app, work.creations)
  assert.equal(await server.stop(), 0)
}

function acknowledged(work: Stubborn, times: number): Promise<void> {
  let left = times
  return new Promise((reached) => {
    work.acknowledge = () => --left === 0 && reached()
  })
}

/** While there is no database: who asks is told that it is the server's fault, and nobody waits for ever. */
async function checkRefusals(base: string, app: App): Promise<void> {
  const form = exchangeForm(app, { code: 'x'.repeat(43), verifier: 'y'.repeat(43) })
  await assert.rejects(requestToken(base, form), /answered 500: {"error":"server_error"/)
  const health = async (path: string) => (await fetch(`${base}/health/${path}`)).status
  assert.equal(await health('ready'), 503)
  assert.equal(await health('live'), 200)
  const page = await fetch(`${base}/oauth/authorize?client_id=${app.clientId}`, { redirect: 'manual' })
  assert.equal(page.status, 500)
  assert.doesNotMatch(await page.text(), /ECONNREFUSED|127\.0\.0\.1:/)
}

async function openDatabase(
  t: TestContext,
  kind: 'lasting' | 'lazy' = 'lasting',
): Promise<{ cluster: MortalCluster; data: string }> {
  const cluster = await startCluster(kind)
  t.after(() => cluster.stop())
  const owner = new Client(`${cluster.address}/postgres`)
  await owner.connect()
  await owner.query('CREATE DATABASE chartkey')
  await owner.end()
  return { cluster, data: `${cluster.address}/chartkey` }
}

/** Those that serve the server. */
async function processesOf(data: string): Promise<number[]> {
  const text =
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'chartkey' AND datname = current_database()"
  return (await look<{ pid: number }>(data, text)).map(({ pid }) => pid)
}

async function count(data: string, table: string, condition: string): Promise<number> {
  const [row] = await look<{ found: string }>(
    data,
    `SELECT count(*) AS found FROM ${table} WHERE ${condition}`,
  )
  return Number(row?.found)
}

/** A database that recovers brings its whole folder to the disk first; on a busy disk that alone takes many seconds. */
const LONGEST_RECOVERY = 120_000

/** Asks past the server, as soon as the database answers. */
async function look<Row extends object>(data: string, text: string): Promise<Row[]> {
  const until = performance.now() + LONGEST_RECOVERY
  for (;;) {
    const client = new Client(data)
    client.on('error', () => undefined)
    try {
      await client.connect()
      return (await client.query<Row>(text)).rows
    } catch (error) {
      if (performance.now() > until) throw error
      await setTimeout(50)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}
