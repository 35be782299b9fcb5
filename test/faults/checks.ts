/** What has to hold after a death, whoever died: nothing acknowledged is lost, and nothing is half-done. */
import assert from 'node:assert/strict'
import { type App, exchangeForm, refreshForm, requestToken, Visitor } from '../fixtures/visitor.ts'
import { type Creation, type Holding, MARKER_SYSTEM, postForm } from './ledger.ts'
import type { Place } from './places.ts'

/** What was acknowledged was on record before. */
export async function checkTrail(place: Pick<Place, 'count'>, creations: readonly Creation[]): Promise<void> {
  for (const { id } of creations) {
    if (id === undefined) continue
    const records = await place.count('audit', `event LIKE '%create%' AND event LIKE '%Observation/${id}%'`)
    assert.ok(records > 0, `no record of Observation/${id}`)
  }
}

/** What an app holds is good as far as it was acknowledged, and what was used up stays so. */
export async function checkHolding(
  base: string,
  app: App,
  { authorized, tokens, pending }: Holding,
): Promise<void> {
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

/** What was acknowledged as created is found, once; what was not may be there, and then once. */
export async function checkCreations(base: string, app: App, creations: readonly Creation[]): Promise<void> {
  const reader = await new Visitor(base, { username: 'dr.lin', password: 'sandbox' }).authorize(app)
  const { access_token } = await requestToken(base, exchangeForm(app, reader))
  for (const creation of creations) await checkCreation(base, access_token, creation)
}

async function checkCreation(base: string, token: string, { id, marker }: Creation): Promise<void> {
  const headers = { authorization: `Bearer ${token}` }
  const reply = await fetch(`${base}/fhir/Observation?identifier=${MARKER_SYSTEM}|${marker}`, { headers })
  const { entry = [] } = (await reply.json()) as { entry?: readonly { resource: { id: string } }[] }
  const found = entry.map(({ resource }) => resource.id)
  if (id !== undefined) assert.deepEqual(found, [id])
  assert.ok(found.length <= 1)
}
