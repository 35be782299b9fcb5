/** What an operator takes back stays taken back, whether the app held a grant at that moment or not. CONS-01, CODE-06; ADR 0029. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { decisionsForgotten, grantRevoked } from '../../../src/audit/event.ts'
import { createGrantList, type Ending } from '../../../src/store/grant-list.ts'
import { decisionsOver } from '../../fixtures/decisions.ts'
import { isGood, revoke } from './tokens.ts'
import { ask, Browser, basic, claimsOf, obtain, redeem } from './visit.ts'
import {
  callback,
  confidentialApp,
  createWorld,
  MINUTE,
  publicApp,
  recordingIn,
  secret,
  users,
  verifier,
  type World,
} from './world.ts'

const clientId = confidentialApp.id
const userId = users.patient.id
const scope = 'openid launch/patient patient/Observation.rs offline_access'
const headers = basic(clientId, secret)

/** What an operator does by `grants revoke`, and what of it is on record. */
async function takeBack(world: World, filter: Ending) {
  const events: AuditEvent[] = []
  const recording = recordingIn(events)
  const list = createGrantList(world.sql, recording, decisionsOver(world.sql, world.now, recording))
  const ended = await list.end(filter, world.now(), {
    grant: ({ id }) => grantRevoked({ user: 'operator', grant: id }),
    decisions: (decided, forgotten) => decisionsForgotten({ user: 'operator' }, decided, forgotten),
  })
  return { ended, told: events.filter(({ actor }) => actor.user === 'operator').map(({ kind }) => kind) }
}

async function codeOf(world: World): Promise<string> {
  return (await (await new Browser(world, users.patient).open({ client_id: clientId, scope })).allow()).code
}

function tokensFor(world: World, code: string) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
  return ask(world, form, headers)
}

async function isAskedAgain(world: World): Promise<boolean> {
  const page = await new Browser(world, users.patient).open({ client_id: clientId, scope, prompt: 'none' })
  return page.answer.get('error') === 'consent_required'
}

for (const filter of [{ clientId }, { userId }, { clientId, userId }]) {
  const by = Object.keys(filter).join(' and ')

  test(`CONS-01: an app that had given back its grant itself gets nothing in silence after it is taken back by ${by}`, async () => {
    const world = await createWorld()
    const { body } = await tokensFor(world, await codeOf(world))
    await revoke(world, body.refresh_token, {}, headers)
    assert.equal(await isAskedAgain(world), false)
    await world.sql.write((tx) => tx.run('DELETE FROM codes WHERE used_at IS NULL'))
    assert.deepEqual(await takeBack(world, filter), {
      ended: { revoked: 0, decisions: 1, codes: 0 },
      told: ['administration'],
    })
    assert.equal(await isAskedAgain(world), true)
    assert.deepEqual(await takeBack(world, filter), {
      ended: { revoked: 0, decisions: 0, codes: 0 },
      told: [],
    })
  })

  test(`CODE-06: a code that lies ready gives nothing after access is taken back by ${by}`, async () => {
    const world = await createWorld()
    const code = await codeOf(world)
    assert.deepEqual((await takeBack(world, filter)).ended, { revoked: 0, decisions: 1, codes: 1 })
    assert.equal((await tokensFor(world, code)).body.error, 'invalid_grant')
    assert.equal(await isAskedAgain(world), true)
  })

  test(`CONS-01: grants, decisions and codes go together, each told, where they are taken back by ${by}`, async () => {
    const world = await createWorld()
    const { body } = await tokensFor(world, await codeOf(world))
    await codeOf(world)
    assert.deepEqual(await takeBack(world, filter), {
      ended: { revoked: 1, decisions: 1, codes: 1 },
      told: ['grant-revoked', 'administration'],
    })
    const refreshed = await ask(
      world,
      { grant_type: 'refresh_token', refresh_token: body.refresh_token },
      headers,
    )
    assert.equal(refreshed.body.error, 'invalid_grant')
  })
}

test('CONS-01: what is taken back of one person or app leaves the others what they have', async () => {
  const world = await createWorld()
  const own = await codeOf(world)
  const elsewhere = await (await new Browser(world, users.patient).open({})).allow()
  assert.deepEqual((await takeBack(world, { clientId: publicApp.id, userId: users.parent.id })).ended, {
    revoked: 0,
    decisions: 0,
    codes: 0,
  })
  assert.deepEqual((await takeBack(world, { clientId: publicApp.id })).ended, {
    revoked: 0,
    decisions: 1,
    codes: 1,
  })
  assert.equal((await redeem(world, elsewhere.code)).body.error, 'invalid_grant')
  assert.equal((await tokensFor(world, own)).status, 200)
  assert.equal(await isAskedAgain(world), false)
})

test('CONS-01: one grant that is taken back takes along what was decided about its record, and leaves that about another', async () => {
  const world = await createWorld()
  const accessTo = async (patient: string) => {
    const picker = await new Browser(world, users.parent).open({ client_id: clientId, scope })
    const page = await picker.send([['patient', patient]])
    return (await tokensFor(world, (await page.allow()).code)).body
  }
  const [own, childs] = [await accessTo('diego'), await accessTo('lucia')]
  assert.deepEqual([own.patient, childs.patient], ['diego', 'lucia'])
  const ready = await (await new Browser(world, users.parent).open({ client_id: clientId, scope })).send([
    ['patient', 'lucia'],
  ])
  const { grant: id } = claimsOf(own.access_token)
  assert.deepEqual(await takeBack(world, { id: String(id) }), {
    ended: { revoked: 1, decisions: 1, codes: 0 },
    told: ['grant-revoked', 'administration'],
  })
  assert.deepEqual(
    [await isGood(world, own.access_token), await isGood(world, childs.access_token)],
    [false, true],
  )
  const rows = await world.sql.all<{ json: string }>("SELECT json FROM resources WHERE type = 'Consent'")
  const consents = rows.map(({ json }) => JSON.parse(json))
  assert.deepEqual(Object.fromEntries(consents.map(({ patient, status }) => [patient.reference, status])), {
    'Patient/diego': 'inactive',
    'Patient/lucia': 'active',
  })
  const left = await world.rememberedConsents.listOf(users.parent.id, 0)
  assert.deepEqual(
    left.map(({ patient }) => patient),
    ['lucia'],
  )
  assert.equal((await tokensFor(world, ready.code)).status, 200)
})

test('RFC-23: an app that gives back the access of one device leaves the Consent by which another one still has access', async () => {
  const world = await createWorld()
  const offline = 'launch/patient patient/Observation.rs offline_access'
  const statuses = async () => {
    const rows = await world.sql.all<{ json: string }>("SELECT json FROM resources WHERE type = 'Consent'")
    return rows.map(({ json }) => JSON.parse(json).status)
  }
  const [phone, tablet] = [
    await obtain(world, users.patient, { scope: offline }),
    await obtain(world, users.patient, { scope: offline }),
  ]
  await revoke(world, tablet.refresh_token)
  assert.equal(await isGood(world, phone.access_token), true)
  assert.deepEqual(await statuses(), ['active'])
  await revoke(world, phone.refresh_token)
  assert.deepEqual(await statuses(), ['inactive'])
  // Access to something else holds nothing up, and neither does what cannot be used any more: without a refresh token it is over within the hour.
  await obtain(world, users.patient, { scope: 'user/Observation.rs offline_access' })
  await obtain(world, users.patient, { scope: 'launch/patient patient/Observation.rs' })
  world.pass(61 * MINUTE)
  const last = await obtain(world, users.patient, { scope: offline })
  await revoke(world, last.refresh_token)
  assert.deepEqual((await statuses()).sort(), ['active', 'inactive'])
})

test('CONS-01: one of two grants about the same is taken back: the app is not let in again, and the Consent stands as long as the other does', async () => {
  const world = await createWorld()
  const statuses = async () => {
    const rows = await world.sql.all<{ json: string }>("SELECT json FROM resources WHERE type = 'Consent'")
    return rows.map(({ json }) => JSON.parse(json).status)
  }
  const idOf = ({ access_token }: { access_token: string }) => String(claimsOf(access_token).grant)
  const first = (await tokensFor(world, await codeOf(world))).body
  const second = (await tokensFor(world, await codeOf(world))).body
  assert.notEqual(idOf(first), idOf(second))
  assert.equal((await takeBack(world, { id: idOf(first) })).ended.revoked, 1)
  assert.deepEqual([await isGood(world, second.access_token), await statuses()], [true, ['active']])
  assert.equal(await isAskedAgain(world), true)
  assert.equal((await takeBack(world, { id: idOf(second) })).ended.revoked, 1)
  assert.deepEqual(await statuses(), ['inactive'])
})

test('CONS-01: a Consent that stands by an access token alone is over with it', async () => {
  const world = await createWorld()
  const brief = async () => {
    const page = await new Browser(world, users.patient).open({
      client_id: clientId,
      scope: 'launch/patient patient/Observation.rs',
    })
    return (await tokensFor(world, (await page.allow()).code)).body
  }
  const [first, second] = [await brief(), await brief()]
  await takeBack(world, { id: String(claimsOf(first.access_token).grant) })
  const status = async () => {
    const [row] = await world.sql.all<{ json: string }>("SELECT json FROM resources WHERE type = 'Consent'")
    return JSON.parse(row?.json ?? '{}').status
  }
  assert.deepEqual([await isGood(world, second.access_token), await status()], [true, 'active'])
  world.pass(61 * MINUTE)
  await world.rememberedConsents.sweep(world.now())
  assert.equal(await status(), 'inactive')
})
