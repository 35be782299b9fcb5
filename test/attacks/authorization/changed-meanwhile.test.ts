/**
 * What somebody has in hand while something is taken from them: a running authorization, a code, a grant. What an app is
 * registered for, and what a person may, counts when something is given, not when it was asked for. REG-05, RFC-01, DISC-27.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tokenIssued } from '../../../src/audit/event.ts'
import type { Client } from '../../../src/authorization/client.ts'
import { type AdminWorld, openAdminWorld } from './admin-world.ts'
import { ask, Browser, basic, redeem } from './visit.ts'
import {
  callback,
  confidentialApp,
  createWorld,
  publicApp,
  secret,
  users,
  verifier,
  type World,
} from './world.ts'

const elsewhere = 'https://app.example/new'

function reregister(world: World, changes: Partial<Client>, { id } = publicApp) {
  return world.clients.change(id, (app) => ({ ...app, ...changes }))
}

for (const [act, fields] of [
  ['allowed', [['decision', 'allow']]],
  ['declined', [['decision', 'deny']]],
] as const)
  test(`RFC-01: an address that the app gave up while the person was at our page gets nothing when it is ${act}`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open()
    await reregister(world, { redirectUris: [elsewhere] })
    const scopes = page.values('scope').map((scope) => ['scope', scope] as const)
    const { reply } = await page.send([...scopes, ...fields])
    assert.equal(reply.status, 400)
    assert.equal(reply.headers.location, undefined)
    assert.match(reply.body, /redirect_uri is not one that this app registered/)
    assert.equal((await page.browser.visit(page.url)).reply.headers.location, undefined)
  })

test('REG-05: an app that was disabled while the person was at our page gets no answer, whatever is said there', async () => {
  for (const decision of ['allow', 'deny']) {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open()
    await reregister(world, { disabled: true })
    const scopes = page.values('scope').map((scope) => ['scope', scope] as const)
    const { reply } = await page.send([...scopes, ['decision', decision]])
    assert.deepEqual([reply.status, reply.headers.location], [400, undefined])
    assert.deepEqual(await world.sql.all('SELECT * FROM codes'), [])
  }
})

test('RFC-01: nor does it get the error of a request that may not ask', async () => {
  const world = await createWorld()
  const browser = new Browser(world)
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: publicApp.id,
    redirect_uri: callback,
    scope: 'launch/patient patient/Observation.rs',
    aud: 'http://localhost:8080/fhir',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    prompt: 'none',
  })
  const { headers } = await browser.get(`/oauth/authorize?${parameters}`)
  await reregister(world, { redirectUris: [elsewhere] })
  const { reply } = await browser.visit(headers.location ?? '')
  assert.deepEqual([reply.status, reply.headers.location], [400, undefined])
})

test('REG-05: what an app is no longer registered for is not on offer, and not given by a page from before', async () => {
  const world = await createWorld()
  const scope = 'openid launch/patient patient/Observation.rs patient/Condition.rs'
  const page = await new Browser(world, users.patient).open({ scope })
  await reregister(world, { scope: 'openid launch/patient patient/Observation.rs' })
  assert.equal((await page.allow()).code, '')
  const again = await page.browser.visit(page.url)
  assert.ok(!again.values('scope').includes('patient/Condition.rs'))
  const { body } = await redeem(world, (await again.allow()).code)
  assert.equal(body.scope, 'openid launch/patient patient/Observation.rs')
})

test('REG-05: a code gives no more than the app is registered for when it is redeemed', async () => {
  const world = await createWorld()
  const scope = 'openid fhirUser launch/patient patient/Observation.rs patient/Condition.rs'
  const open = async () => (await (await new Browser(world, users.patient).open({ scope })).allow()).code
  const [narrowed, emptied] = [await open(), await open()]
  await reregister(world, { scope: 'openid launch/patient patient/Observation.r' })
  const { body } = await redeem(world, narrowed)
  assert.equal(body.scope, 'openid launch/patient patient/Observation.r')
  const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1] ?? '', 'base64url').toString())
  assert.equal(claims.fhirUser, undefined)
  await reregister(world, { scope: 'user/Patient.r' })
  assert.equal((await redeem(world, emptied)).body.error, 'invalid_grant')
})

test('a record that the person may not open any more is not given by a page from before', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.doctor).open({ scope: 'launch/patient patient/Observation.rs' })
  const consent = await page.send([['patient', 'lucia']])
  world.shut('lucia')
  assert.equal((await consent.allow()).answer.get('error'), 'access_denied')
})

test('CODE-01: who signed out while the page was open has allowed nothing, and the app hears that', async () => {
  for (const act of ['allow', 'reload', 'sign in anew', 'sign in anew and reload']) {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open()
    const scopes = page.values('scope').map((scope) => ['scope', scope] as const)
    world.signOut(users.patient)
    if (act.startsWith('sign in')) page.browser.cookies.session = world.signIn(users.patient).sessionId
    const { answer, reply } = act.endsWith('reload')
      ? await page.browser.visit(page.url)
      : await page.send([...scopes, ['decision', 'allow']])
    assert.ok(reply.headers.location?.startsWith(`${callback}?`), `${act}: ${reply.status}`)
    assert.deepEqual([answer.get('error'), answer.get('state')], ['login_required', 'state-1'], act)
    assert.deepEqual(await world.sql.all('SELECT * FROM codes'), [], act)
    assert.ok(world.events.some(({ kind, outcome }) => kind === 'authorize' && outcome === 'refused'))
  }
})

test('CODE-01: while its session lives nobody else ends an authorization, and afterwards no forged form does', async () => {
  const world = await createWorld()
  const page = await new Browser(world, users.patient).open()
  // As long as the session lives, a browser without it may have left it behind a form of another site.
  const nobody = await new Browser(world).visit(page.url)
  assert.match(nobody.reply.headers.location ?? '', /^\/account\/sign-in/)
  assert.equal((await new Browser(world, users.doctor).visit(page.url)).reply.status, 403)
  world.signOut(users.patient)
  const forged = await new Browser(world, users.doctor).post(page.url, [['decision', 'allow']])
  assert.equal(forged.status, 403)
  assert.equal(forged.headers.location, undefined)
})

test('DISC-27: a code that was not redeemed when access is taken back gives none', async () => {
  const world = await createWorld()
  const client_id = confidentialApp.id
  const scope = 'launch/patient patient/Condition.rs'
  const { code } = await (await new Browser(world, users.patient).open({ client_id, scope })).allow()
  const other = await (await new Browser(world, users.parent).open({ client_id, scope })).send([
    ['patient', 'lucia'],
  ])
  const others = (await other.allow()).code
  await (await new Browser(world, users.patient).visit('/account/apps')).send([['client', client_id]])
  const redeemed = (one: string) =>
    ask(
      world,
      { grant_type: 'authorization_code', code: one, redirect_uri: callback, code_verifier: verifier },
      basic(client_id, secret),
    )
  assert.equal((await redeemed(code)).body.error, 'invalid_grant')
  assert.equal((await redeemed(others)).status, 200)
})

test('CTX-40: what apps hold of somebody ends when their account is linked to somebody else’s record, and not when one is added', async () => {
  const world = await openAdminWorld()
  const admin = await world.signIn('admin')
  const path = '/admin/accounts/u-patient'
  const held = () => world.stores.grants.liveOf('u-patient', { madeAfter: 0, refreshedAfter: 0 })
  const link = (records: string) => admin.send(path, path, { act: 'link', records, fhir_user: 'Patient/1' })
  await link('Patient/1')
  await giveGrant(world, 'grant-1')
  await link('Patient/1\nRelatedPerson/2')
  assert.equal((await held()).length, 1)
  await admin.send(path, path, { act: 'link', records: 'Patient/3', fhir_user: 'Patient/3' })
  assert.deepEqual(await held(), [])
})

async function giveGrant({ stores, now }: AdminWorld, id: string): Promise<void> {
  const grant = {
    id,
    clientId: 'app',
    userId: 'u-patient',
    userName: 'The patient',
    fhirUser: 'Patient/1',
    sessionId: 's',
    authenticatedAt: now(),
    scope: 'openid fhirUser launch/patient patient/*.rs',
    context: { patient: '1' },
    createdAt: now(),
  }
  const told = tokenIssued({ user: grant.userId, client: grant.clientId, grant: id }, 'test', grant.scope)
  assert.equal(await stores.grants.give(grant, { now: now(), told }), 'given')
}
