/** The server is killed at random moments while apps exchange codes, refresh and write; it comes back with all it acknowledged. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Served, serve } from '../fixtures/process.ts'
import { type App, exchangeForm, refreshForm, registerApp, Visitor } from '../fixtures/visitor.ts'
import { createChance } from './chance.ts'
import { freePort } from './folder.ts'
import { type Creation, type Holding, type Ledger, MARKER_SYSTEM, postForm, work } from './ledger.ts'
import { type Place, places } from './places.ts'

const ROUNDS = 4
const LANES = 4
const MOST_ACKNOWLEDGED = 60
const SCOPE = 'openid fhirUser offline_access launch/patient patient/Observation.crus'

for (const [kind, openPlace] of places)
  test(`${kind}: a kill among token requests and writes loses nothing acknowledged and leaves nothing half-done`, async (t) =>
    survive(t, await openPlace(t)))

async function survive(t: TestContext, place: Place): Promise<void> {
  const chance = createChance()
  t.diagnostic(`seed ${chance.seed}`)
  const port = String(await freePort())
  const start = () => serve(place.data, '--sandbox', '--port', port, '--log-level', 'error')
  let server = await start()
  t.after(() => server.kill())
  const app = await registerApp(server.base, SCOPE)
  const acknowledged: Creation[] = []

  for (let round = 0; round < ROUNDS; round++) {
    const ledger = await workUntilKilled(server, app, 1 + chance.below(MOST_ACKNOWLEDGED))
    assert.deepEqual(await place.check(), ['ok'])
    await checkTrail(place, ledger.creations)
    server = await start()
    for (const holding of ledger.holdings) await checkHolding(server.base, app, holding)
    acknowledged.push(...ledger.creations)
  }

  const reader = await new Visitor(server.base, { username: 'dr.lin', password: 'sandbox' }).authorize(app)
  const { body } = await postForm(server.base, exchangeForm(app, reader))
  const { access_token } = JSON.parse(body) as { access_token: string }
  for (const creation of acknowledged) await checkCreation(server.base, access_token, creation)
  assert.equal(server.log(), '')
}

async function workUntilKilled(server: Served, app: App, acknowledgements: number): Promise<Ledger> {
  const reached = Promise.withResolvers<void>()
  let left = acknowledgements
  const ledger: Ledger = { holdings: [], creations: [], acknowledge: () => --left === 0 && reached.resolve() }
  const visitor = new Visitor(server.base, { username: 'dr.lin', password: 'sandbox' })
  await visitor.authorize(app)
  const lanes = Promise.all(Array.from({ length: LANES }, () => work(server.base, app, visitor, ledger)))
  await Promise.race([reached.promise, lanes])
  await server.kill()
  await lanes
  return ledger
}

/** What was acknowledged was on record before. */
async function checkTrail(place: Place, creations: readonly Creation[]): Promise<void> {
  for (const { id } of creations) {
    if (id === undefined) continue
    const records = await place.count('audit', `event LIKE '%create%' AND event LIKE '%Observation/${id}%'`)
    assert.ok(records > 0, `no record of Observation/${id}`)
  }
}

async function checkHolding(base: string, app: App, { authorized, tokens, pending }: Holding): Promise<void> {
  const form =
    tokens === undefined ? exchangeForm(app, authorized) : refreshForm(app, tokens.refresh_token ?? '')
  if (tokens !== undefined && !pending) await checkAccess(base, tokens.access_token, 200)
  const { status, body } = await postForm(base, form)
  // What was under way was done, and then its answer was lost, or it was not done at all.
  assert.ok(status === 200 || (pending && body.includes('"invalid_grant"')), `${status}: ${body}`)
  if (tokens === undefined) return
  const again = await postForm(base, exchangeForm(app, authorized))
  assert.match(again.body, /"invalid_grant"/, 'a code that was redeemed before the crash is not good again')
  await checkAccess(base, tokens.access_token, 401)
}

async function checkAccess(base: string, token: string, status: number): Promise<void> {
  const reply = await fetch(`${base}/fhir/Observation?_count=1`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(reply.status, status, await reply.text())
}

async function checkCreation(base: string, token: string, { id, marker }: Creation): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  const reply = await fetch(`${base}/fhir/Observation?identifier=${MARKER_SYSTEM}|${marker}`, { headers })
  const { entry = [] } = (await reply.json()) as { entry?: readonly { resource: { id: string } }[] }
  const found = entry.map(({ resource }) => resource.id)
  if (id !== undefined) assert.deepEqual(found, [id])
  assert.ok(found.length <= 1)
}
