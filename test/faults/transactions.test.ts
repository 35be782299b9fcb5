/** The server is killed while transactions are under way: of each there is everything afterwards, or nothing. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { freePort } from '../fixtures/free-port.ts'
import { type Served, serve } from '../fixtures/process.ts'
import { exchangeForm, registerApp, requestToken, Visitor } from '../fixtures/visitor.ts'
import { createChance } from './chance.ts'
import { isConnectionLost, markedObservation } from './ledger.ts'
import { type Place, places } from './places.ts'

const ROUNDS = 3
const LANES = 3
const ENTRIES = 60
const MOST_ACKNOWLEDGED = 8

interface Sent {
  readonly marker: string
  acknowledged: boolean
}

interface Access {
  readonly token: string
  readonly patient: string
}

for (const [kind, open] of places)
  test(`${kind}: a kill among transactions leaves all of each or nothing, and all of what was acknowledged`, async (t) => {
    const chance = createChance()
    t.diagnostic(`seed ${chance.seed}`)
    const place = await open(t)
    const port = String(await freePort())
    const start = () => serve(place.data, '--sandbox', '--port', port, '--log-level', 'error')
    let server = await start()
    t.after(() => server.kill())
    const sent: Sent[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await workUntilKilled(server, 1 + chance.below(MOST_ACKNOWLEDGED), sent)
      assert.deepEqual(await place.check(), ['ok'])
      for (const one of sent) await checkWhole(place, one)
      server = await start()
    }
    assert.equal(server.log(), '')
    await server.kill()
  })

async function workUntilKilled(server: Served, acknowledgements: number, sent: Sent[]): Promise<void> {
  const reached = Promise.withResolvers<void>()
  const access = await signIn(server.base)
  let left = acknowledgements
  const acknowledge = () => --left === 0 && reached.resolve()
  const lane = () => work(server.base, access, sent, acknowledge)
  const lanes = Promise.all(Array.from({ length: LANES }, lane))
  await Promise.race([reached.promise, lanes])
  await server.kill()
  await lanes
}

async function signIn(base: string): Promise<Access> {
  const app = await registerApp(base, 'launch/patient patient/Observation.crus')
  const visitor = new Visitor(base, { username: 'dr.lin', password: 'sandbox' })
  const { access_token, patient = '' } = await requestToken(
    base,
    exchangeForm(app, await visitor.authorize(app)),
  )
  return { token: access_token, patient }
}

/** Sends transactions until the server no longer answers. */
async function work(base: string, access: Access, sent: Sent[], acknowledge: () => void): Promise<void> {
  try {
    for (;;) {
      const one: Sent = { marker: randomUUID(), acknowledged: false }
      sent.push(one)
      await send(base, access, one.marker)
      one.acknowledged = true
      acknowledge()
    }
  } catch (error) {
    if (!isConnectionLost(error)) throw error
  }
}

async function send(base: string, { token, patient }: Access, marker: string): Promise<void> {
  const entry = Array.from({ length: ENTRIES }, () => ({
    resource: markedObservation(marker, patient),
    request: { method: 'POST', url: 'Observation' },
  }))
  const reply = await fetch(`${base}/fhir`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    body: JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }),
  })
  const body = await reply.text()
  if (reply.status !== 200) throw new Error(`the transaction was answered ${reply.status}: ${body}`)
}

/** The resources, and what is indexed of them. */
async function checkWhole(place: Place, { marker, acknowledged }: Sent): Promise<void> {
  const stored = await place.count('resources', `json LIKE '%${marker}%'`)
  const indexed = await place.count('tokens', `code = '${marker}'`)
  assert.ok(stored === ENTRIES || (stored === 0 && !acknowledged), `${stored} of ${ENTRIES} are there`)
  assert.equal(indexed, stored, 'each is indexed')
}
