/** `/account/apps`: taking access back, and attempts to take it from somebody else. DISC-27, REFR-03. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ask, Browser, basic, obtain } from './visit.ts'
import {
  callback,
  confidentialApp,
  createWorld,
  HOUR,
  publicApp,
  secret,
  users,
  verifier,
  type World,
} from './world.ts'

const path = '/account/apps'

function refresh(world: World, token: string) {
  return ask(world, { grant_type: 'refresh_token', refresh_token: token, client_id: publicApp.id })
}

test('DISC-27: the page lists what was allowed, in words, and one click ends it at once', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const page = await new Browser(world, users.patient).visit(path)
  assert.equal(page.reply.status, 200)
  assert.match(page.reply.body, /Trends/)
  assert.match(page.reply.body, /Amara Adeyemi/)
  const after = await page.send([['client', publicApp.id]])
  assert.equal(after.reply.status, 303)
  assert.equal(await world.authorization.verifyAccessToken(tokens.access_token), undefined)
  assert.equal((await refresh(world, tokens.refresh_token)).body.error, 'invalid_grant')
  assert.ok(world.events.some(({ kind }) => kind === 'grant-revoked'))
  const again = await page.browser.visit(path)
  assert.doesNotMatch(again.reply.body, /Trends/)
})

test('nobody sees or ends what another person allowed', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const page = await new Browser(world, users.parent).visit(path)
  assert.doesNotMatch(page.reply.body, /Trends|Amara/)
  await page.send([['client', publicApp.id]])
  assert.ok(await world.authorization.verifyAccessToken(tokens.access_token))
})

test('a form from elsewhere ends nothing', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const page = await new Browser(world, users.patient).visit(path)
  await page.send([['client', publicApp.id]], 'forged')
  await page.browser.post(
    path,
    [
      ['_csrf', page.csrf],
      ['client', publicApp.id],
    ],
    { 'sec-fetch-site': 'cross-site' },
  )
  assert.ok(await world.authorization.verifyAccessToken(tokens.access_token))
})

test('without a session there is nothing to see or to end', async () => {
  const world = await createWorld()
  await obtain(world, users.patient)
  const page = await new Browser(world).visit(path)
  assert.equal(page.reply.status, 303)
  assert.match(page.reply.headers.location ?? '', /^\/account\/sign-in\?/)
})

test('access that ran out by itself is not listed; access that can be refreshed is', async () => {
  for (const [scope, isListed] of [
    ['launch/patient patient/Patient.r', false],
    ['launch/patient patient/Patient.r offline_access', true],
  ] as const) {
    const world = await createWorld()
    await obtain(world, users.patient, { scope })
    world.pass(2 * HOUR)
    const page = await new Browser(world, users.patient).visit(path)
    assert.equal(page.reply.body.includes('Trends'), isListed, scope)
  }
})

test('DISC-27: the page says when the app last used its access, and that it keeps it while one is away', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const visit = async () => (await new Browser(world, users.patient).visit(path)).reply.body
  assert.match(await visit(), /Not used yet/)
  assert.ok(await world.authorization.verifyAccessToken(tokens.access_token))
  const lastUsed = async () => /Last used ([^.]+)\./.exec(await visit())?.[1]
  const first = await lastUsed()
  assert.ok(first)
  world.pass(3 * HOUR)
  const { access_token } = (await refresh(world, tokens.refresh_token)).body
  assert.equal(await lastUsed(), first)
  assert.ok(await world.authorization.verifyAccessToken(String(access_token)))
  const body = await visit()
  assert.notEqual(/Last used ([^.]+)\./.exec(body)?.[1], first)
  assert.match(body, /while you are away/)
})

test('DISC-27: an app that is let in again is listed though its access has ended, and can be forgotten', async () => {
  const world = await createWorld()
  const client_id = confidentialApp.id
  const scope = 'launch/patient patient/Condition.rs'
  const open = () => new Browser(world, users.patient).open({ client_id, scope })
  await (await open()).allow()
  world.pass(2 * HOUR)
  const page = await new Browser(world, users.patient).visit(path)
  assert.match(page.reply.body, /Clinic Tools.*no access at present.*without asking you/s)
  assert.doesNotMatch((await new Browser(world, users.parent).visit(path)).reply.body, /Clinic Tools/)
  await page.send([['client', client_id]])
  assert.doesNotMatch((await new Browser(world, users.patient).visit(path)).reply.body, /Clinic Tools/)
  assert.equal((await open()).code, '')
})

test('DISC-27: access for while one is signed in is listed no longer than it can be used', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient, {
    scope: 'launch/patient patient/Patient.r online_access',
  })
  const elsewhere = new Browser(world)
  elsewhere.cookies.session = world.signIn(users.patient).sessionId
  const isListed = async () => /Trends.*Amara Adeyemi/s.test((await elsewhere.visit(path)).reply.body)
  world.pass(3 * HOUR)
  assert.ok(await isListed(), 'as long as the session lives it can be refreshed')
  const { access_token } = (await refresh(world, tokens.refresh_token)).body
  world.signOut(users.patient)
  assert.ok(await isListed(), 'an access token still works')
  assert.ok(await world.authorization.verifyAccessToken(String(access_token)))
  world.pass(HOUR)
  assert.equal(await isListed(), false)
  assert.equal(await world.authorization.verifyAccessToken(String(access_token)), undefined)
})

test('DISC-27: access for while one is away is listed after the sign-out', async () => {
  const world = await createWorld()
  for (const scope of ['offline_access', 'online_access offline_access'])
    await obtain(world, users.patient, { scope: `launch/patient patient/Patient.r ${scope}` })
  world.signOut(users.patient)
  world.pass(2 * HOUR)
  const elsewhere = new Browser(world)
  elsewhere.cookies.session = world.signIn(users.patient).sessionId
  assert.match((await elsewhere.visit(path)).reply.body, /Trends.*while you are away/s)
})

test('DISC-27: of access that ended with the session, what was decided is still listed, as no access', async () => {
  const world = await createWorld()
  const client_id = confidentialApp.id
  const scope = 'launch/patient patient/Condition.rs online_access'
  const { code } = await (await new Browser(world, users.patient).open({ client_id, scope })).allow()
  const form = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: verifier }
  assert.equal((await ask(world, form, basic(client_id, secret))).status, 200)
  world.signOut(users.patient)
  world.pass(2 * HOUR)
  const elsewhere = new Browser(world)
  elsewhere.cookies.session = world.signIn(users.patient).sessionId
  const { reply } = await elsewhere.visit(path)
  assert.match(reply.body, /Clinic Tools.*no access at present.*without asking you/s)
})
