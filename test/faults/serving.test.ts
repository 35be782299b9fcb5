/** The server is killed at random moments while apps exchange codes, refresh and write; it comes back with all it acknowledged. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { freePort } from '../fixtures/free-port.ts'
import { type Served, serve } from '../fixtures/process.ts'
import { type App, registerApp, Visitor } from '../fixtures/visitor.ts'
import { createChance } from './chance.ts'
import { checkCreations, checkHolding, checkTrail } from './checks.ts'
import { type Creation, type Ledger, work } from './ledger.ts'
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

  await checkCreations(server.base, app, acknowledged)
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
