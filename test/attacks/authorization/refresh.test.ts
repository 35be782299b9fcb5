/** Attempts with refresh tokens. REFR-05 to REFR-20, RFC-11, EM-17. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client } from '../../../src/authorization/client.ts'
import { ask, Browser, basic, claimsOf, obtain, redeem } from './visit.ts'
import {
  callback,
  confidentialApp,
  createWorld,
  DAY,
  MINUTE,
  otherApp,
  publicApp,
  secret,
  users,
  verifier,
  type World,
} from './world.ts'

function refresh(world: World, token: string, changes: Record<string, string> = {}) {
  return ask(world, {
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: publicApp.id,
    ...changes,
  })
}

test('REFR-20: a refresh token that comes again ends everything of its grant', async () => {
  const world = await createWorld()
  const first = await obtain(world, users.patient)
  const second = (await refresh(world, first.refresh_token)).body
  assert.equal((await refresh(world, first.refresh_token)).body.error, 'invalid_grant')
  assert.equal((await refresh(world, second.refresh_token)).body.error, 'invalid_grant')
  assert.equal(await world.authorization.verifyAccessToken(second.access_token), undefined)
  assert.ok(world.events.some(({ kind }) => kind === 'refresh-reuse'))
})

test('REFR-20: of several at the same moment at most one is answered, and the grant is over', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtain(world, users.patient)
  const replies = await Promise.all([1, 2, 3].map(() => refresh(world, refresh_token)))
  const given = replies.filter(({ status }) => status === 200)
  assert.ok(given.length <= 1)
  for (const { body } of given) assert.equal((await refresh(world, body.refresh_token)).status, 400)
})

test('REFR-05: another app cannot use it, and does not spoil it', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtain(world, users.patient)
  assert.equal((await refresh(world, refresh_token, { client_id: otherApp.id })).body.error, 'invalid_grant')
  assert.equal((await refresh(world, refresh_token)).status, 200)
})

test('AMB-08: a public app need not name itself, but its token still works only once', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtain(world, users.patient)
  const unnamed = { grant_type: 'refresh_token', refresh_token }
  const next = await ask(world, unnamed)
  assert.equal(next.status, 200)
  assert.equal((await ask(world, unnamed)).body.error, 'invalid_grant')
  assert.equal((await refresh(world, next.body.refresh_token)).body.error, 'invalid_grant')
})

test('AMB-08: a token that was never issued is told like one whose app has to authenticate', async () => {
  const world = await createWorld()
  const token = await confidentialToken(world)
  const told = async (refresh_token: string) => ask(world, { grant_type: 'refresh_token', refresh_token })
  assert.equal((await told(token)).body.error, 'invalid_client')
  assert.deepEqual((await told('never-issued')).body, (await told(token)).body)
})

const unproven: Record<string, Record<string, string>> = {
  'nothing else': {},
  'its client_id alone': { client_id: confidentialApp.id },
  'a public client_id': { client_id: publicApp.id },
  'a wrong secret': { client_id: confidentialApp.id, client_secret: 'wrong' },
  'the right secret without client_id': { client_secret: secret },
}
for (const [name, more] of Object.entries(unproven)) {
  test(`REFR-12: a refresh token of a confidential app is refused with ${name}, and stays its own`, async () => {
    const world = await createWorld()
    const refresh_token = await confidentialToken(world)
    const refused = await ask(world, { grant_type: 'refresh_token', refresh_token, ...more })
    assert.equal(refused.status, 400)
    assert.match(refused.body.error ?? '', /^invalid_(client|grant)$/)
    const own = await ask(
      world,
      { grant_type: 'refresh_token', refresh_token },
      basic(confidentialApp.id, secret),
    )
    assert.equal(own.status, 200)
  })
}

async function confidentialToken(world: World): Promise<string> {
  const page = await new Browser(world, users.patient).open({ client_id: confidentialApp.id })
  const form = {
    grant_type: 'authorization_code',
    code: (await page.allow()).code,
    redirect_uri: callback,
    code_verifier: verifier,
  }
  return (await ask(world, form, basic(confidentialApp.id, secret))).body.refresh_token
}

const beyond = [
  'patient/*.rs',
  'patient/Observation.cruds',
  'user/Observation.rs',
  'patient/Observation.rs patient/Patient.r',
  'openid launch/encounter',
  'patient/Observation.dus',
  'patient/Observation.rs patient/Observation.dus',
  'openid __admin',
  'profile',
  'online_access',
  'openid '.repeat(8_000),
]
for (const scope of beyond) {
  test(`REFR-10: nothing new can be gained: ${scope.slice(0, 60)}`, async () => {
    const world = await createWorld()
    const { refresh_token } = await obtain(world, users.patient)
    const { status, body } = await refresh(world, refresh_token, { scope })
    assert.equal(status, 400)
    assert.equal(body.error, 'invalid_scope')
    assert.equal((await refresh(world, refresh_token)).status, 200)
  })
}

test('REFR-09, RFC-11: a narrower scope narrows the access token, not what comes after it', async () => {
  const world = await createWorld()
  const first = await obtain(world, users.patient)
  const narrow = (
    await refresh(world, first.refresh_token, { scope: 'patient/Observation.r?category=laboratory' })
  ).body
  assert.equal(narrow.scope, 'patient/Observation.r?category=laboratory')
  assert.equal(claimsOf(narrow.access_token).scope, narrow.scope)
  assert.equal((await refresh(world, narrow.refresh_token)).body.scope, first.scope)
})

test('AMB-07, REFR-09, REFR-15: a scope on refresh may be all of what was granted, in any order, and is told as it was asked', async () => {
  const world = await createWorld()
  const first = await obtain(world, users.patient)
  const whole = (await refresh(world, first.refresh_token, { scope: first.scope })).body
  assert.equal(whole.scope, first.scope)
  const turned = first.scope.split(' ').toReversed().join(' ')
  const { body } = await refresh(world, whole.refresh_token, { scope: turned })
  assert.deepEqual(body.scope.split(' ').sort(), first.scope.split(' ').sort())
  assert.equal(claimsOf(body.access_token).scope, body.scope)
})

test('AMB-28: a filter that cannot be enforced is refused, and the token still works', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtain(world, users.patient)
  const scope = 'patient/Observation.rs?foo=bar'
  const { status, body } = await refresh(world, refresh_token, { scope })
  assert.deepEqual([status, body.error], [400, 'invalid_scope'])
  assert.match(String(body.error_description), /patient\/Observation\.rs\?foo=bar has a filter/)
  assert.equal((await refresh(world, refresh_token)).status, 200)
})

test('TOK-20, REFR-04: no refresh token without the scope for it, nor for an app without the grant type', async () => {
  const codeOnly = { ...publicApp, grantTypes: ['authorization_code'] as const }
  const world = await createWorld()
  assert.equal('refresh_token' in (await obtain(world, users.patient, { scope: 'openid' })), false)
  const other = await createWorld({ clients: [codeOnly] })
  const tokens = await obtain(other, users.patient)
  assert.equal('refresh_token' in tokens, false)
  assert.doesNotMatch(tokens.scope, /offline_access/)
})

test('REFR-02: online access ends with the session, offline access does not', async () => {
  const world = await createWorld()
  const online = await obtain(world, users.patient, { scope: 'openid online_access' })
  const offline = await obtain(world, users.patient, { scope: 'openid offline_access' })
  world.signOut(users.patient)
  assert.equal((await refresh(world, online.refresh_token)).body.error, 'invalid_grant')
  assert.equal((await refresh(world, offline.refresh_token)).status, 200)
})

test('REFR-03: offline access ends when it lay unused for three months, and with the account', async () => {
  const world = await createWorld()
  const idle = await obtain(world, users.patient)
  const used = await obtain(world, users.patient)
  world.pass(92 * DAY)
  const next = (await refresh(world, used.refresh_token)).body
  world.pass(1 * DAY)
  assert.equal((await refresh(world, idle.refresh_token)).body.error, 'invalid_grant')
  const last = (await refresh(world, next.refresh_token)).body
  world.deactivate(users.patient)
  assert.equal((await refresh(world, last.refresh_token)).body.error, 'invalid_grant')
})

test('REFR-04: a year after the person allowed it no refresh token works, however often it was used', async () => {
  const world = await createWorld()
  let { refresh_token } = await obtain(world, users.patient)
  for (let month = 0; month < 12; month++) {
    world.pass(30 * DAY)
    refresh_token = (await refresh(world, refresh_token)).body.refresh_token
  }
  world.pass(5 * DAY - 1)
  const last = (await refresh(world, refresh_token)).body
  assert.ok(last.access_token)
  world.pass(1)
  assert.equal((await refresh(world, last.refresh_token)).body.error, 'invalid_grant')
  // With it ends what is left of the grant.
  assert.equal(await world.authorization.verifyAccessToken(last.access_token), undefined)
})

test('a revoked grant is over at once, for both tokens', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const verified = await world.authorization.verifyAccessToken(tokens.access_token)
  await world.authorization.revokeGrant(verified?.grantId ?? '')
  assert.equal(await world.authorization.verifyAccessToken(tokens.access_token), undefined)
  assert.equal((await refresh(world, tokens.refresh_token)).status, 400)
  // Nobody used it twice: it is no sign of a theft.
  assert.ok(!world.events.some(({ kind }) => kind === 'refresh-reuse'))
})

test('what is not a refresh token is none', async () => {
  const world = await createWorld()
  const { access_token, id_token } = await obtain(world, users.patient)
  for (const token of [access_token, id_token, '', 'x', 'x'.repeat(50_000), "' OR 1=1 --"]) {
    assert.equal((await refresh(world, token)).status, 400)
  }
})

test('TOK-15: an access token ends on its second', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  world.pass(10 * MINUTE - 1000)
  assert.ok(await world.authorization.verifyAccessToken(access_token))
  world.pass(1000)
  assert.equal(await world.authorization.verifyAccessToken(access_token), undefined)
})

test('REG-05: a refresh gives no more than the app is registered for now, whatever it was granted before', async () => {
  const world = await createWorld()
  const scope = 'openid offline_access launch/patient patient/Observation.rs patient/Condition.rs'
  const first = await obtain(world, users.patient, { scope })
  await world.clients.change(publicApp.id, (app) => ({
    ...app,
    scope: 'openid offline_access launch/patient patient/Observation.r',
  }))
  const form = (token: unknown, more: Record<string, string> = {}) => ({
    grant_type: 'refresh_token',
    refresh_token: String(token),
    client_id: publicApp.id,
    ...more,
  })
  const asked = await ask(world, form(first.refresh_token, { scope: 'patient/Condition.rs' }))
  assert.deepEqual([asked.status, asked.body.error], [400, 'invalid_scope'])
  const { body } = await ask(world, form(first.refresh_token))
  assert.equal(body.scope, 'openid offline_access launch/patient patient/Observation.r')
  // What is given back to the app by an administrator is there again: it was allowed.
  await world.clients.change(publicApp.id, () => publicApp)
  assert.equal((await ask(world, form(body.refresh_token))).body.scope, first.scope)
})

for (const name of ['offline_access', 'online_access']) {
  const without = (app: Client): Client => ({
    ...app,
    scope: app.scope
      .split(' ')
      .filter((one) => one !== name)
      .join(' '),
  })

  test(`REG-05: ${name} that is taken out of a registration refreshes nothing from then on, until it is there again`, async () => {
    const world = await createWorld()
    const { refresh_token } = await obtain(world, users.patient, { scope: `openid ${name}` })
    await world.clients.change(publicApp.id, without)
    const refused = await refresh(world, refresh_token)
    assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_grant'])
    await world.clients.change(publicApp.id, () => publicApp)
    assert.equal((await refresh(world, refresh_token)).status, 200)
  })

  test(`REG-05: a code gives no refresh token once ${name} is taken out of the registration`, async () => {
    const world = await createWorld()
    const page = await new Browser(world, users.patient).open({ scope: `openid ${name}` })
    const { code } = await page.allow()
    await world.clients.change(publicApp.id, without)
    const { status, body } = await redeem(world, code)
    assert.deepEqual([status, body.scope, 'refresh_token' in body], [200, 'openid', false])
  })
}

test('REFR-02: without offline_access in its registration an app refreshes only while the session lives', async () => {
  const world = await createWorld()
  const { refresh_token } = await obtain(world, users.patient, {
    scope: 'openid offline_access online_access',
  })
  await world.clients.change(publicApp.id, (app) => ({ ...app, scope: 'openid online_access' }))
  const next = await refresh(world, refresh_token)
  assert.deepEqual([next.status, next.body.scope], [200, 'openid online_access'])
  world.signOut(users.patient)
  assert.equal((await refresh(world, next.body.refresh_token)).body.error, 'invalid_grant')
})
