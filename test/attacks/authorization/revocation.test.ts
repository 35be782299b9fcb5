/** What an app can take back, and what it cannot. RFC-23, REFR-20; RFC 7009. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asConfidential, introspect, isGood, obtainConfidential, revoke } from './tokens.ts'
import { ask, basic, obtain } from './visit.ts'
import { createWorld, otherApp, publicApp, secret, users, type World } from './world.ts'

function refresh(world: World, token: string) {
  return ask(world, { grant_type: 'refresh_token', refresh_token: token, client_id: publicApp.id })
}

test('RFC-23: an access token that was revoked is dead at once, and only that one', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const second = (await refresh(world, tokens.refresh_token)).body
  // Remembered as good.
  assert.ok((await isGood(world, tokens.access_token)) && (await isGood(world, second.access_token)))
  const reply = await revoke(world, tokens.access_token)
  assert.equal(reply.status, 200)
  assert.equal(reply.headers['cache-control'], 'no-store')
  assert.equal(await isGood(world, tokens.access_token), false)
  assert.deepEqual((await introspect(world, tokens.access_token)).body, { active: false })
  assert.equal(await isGood(world, second.access_token), true)
  assert.equal((await refresh(world, second.refresh_token)).status, 200)
  assert.ok(world.events.some(({ kind }) => kind === 'token-revoked'))
})

test('RFC-23: a refresh token takes everything of its grant with it', async () => {
  const world = await createWorld()
  const first = await obtain(world, users.patient)
  const second = (await refresh(world, first.refresh_token)).body
  assert.equal((await revoke(world, second.refresh_token)).status, 200)
  for (const { access_token } of [first, second]) assert.equal(await isGood(world, access_token), false)
  assert.equal((await refresh(world, second.refresh_token)).body.error, 'invalid_grant')
  assert.ok(world.events.some(({ kind }) => kind === 'grant-revoked'))
})

test('a refresh token that was used before still ends the grant of its app', async () => {
  const world = await createWorld()
  const first = await obtain(world, users.patient)
  const second = (await refresh(world, first.refresh_token)).body
  await revoke(world, first.refresh_token)
  assert.equal(await isGood(world, second.access_token), false)
})

test('RFC-23: an unknown, expired or revoked token gives 200 and changes nothing', async () => {
  const world = await createWorld()
  const { access_token, id_token } = await obtain(world, users.patient)
  const before = world.events.length
  for (const token of ['x', 'x'.repeat(43), id_token, 'x'.repeat(200_000), `${access_token}x`])
    assert.equal((await revoke(world, token)).status, 200)
  assert.equal(world.events.length, before)
  assert.equal(await isGood(world, access_token), true)
  await revoke(world, access_token)
  assert.equal((await revoke(world, access_token)).status, 200)
})

test('another app’s tokens are left alone, and the answer does not tell that they live', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    const foreign = await revoke(world, token, { client_id: otherApp.id })
    const unknown = await revoke(world, 'x', { client_id: otherApp.id })
    assert.deepEqual([foreign.status, foreign.body], [unknown.status, unknown.body])
    assert.equal((await revoke(world, token, {}, asConfidential)).status, 200)
  }
  assert.equal(await isGood(world, tokens.access_token), true)
  assert.equal((await refresh(world, tokens.refresh_token)).status, 200)
})

const unproven: readonly (readonly [string, Record<string, string>, Record<string, string>])[] = [
  ['no name', {}, {}],
  ['its name alone', { client_id: 'confidential-app' }, {}],
  ['a wrong secret', {}, basic('confidential-app', 'wrong')],
  ['the name of a public app beside its own header', { client_id: publicApp.id }, asConfidential],
]
for (const [what, form, headers] of unproven) {
  test(`a confidential app’s token is not revoked with ${what}`, async () => {
    const world = await createWorld()
    const { access_token, refresh_token } = await obtainConfidential(world, users.patient)
    for (const token of [access_token, refresh_token]) {
      const reply = await revoke(world, token, form, headers)
      assert.ok(reply.status === 400 || reply.status === 401, String(reply.status))
    }
    assert.equal(await isGood(world, access_token), true)
  })
}

test('a confidential app revokes its own', async () => {
  const world = await createWorld()
  const { access_token } = await obtainConfidential(world, users.patient)
  assert.equal((await revoke(world, access_token, {}, basic('confidential-app', secret))).status, 200)
  assert.equal(await isGood(world, access_token), false)
})

test('RFC 7009 §2.1: a form with one token; the hint is only a hint', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  const send = (body: string, type = 'application/x-www-form-urlencoded') =>
    world.app.inject({ method: 'POST', url: '/oauth/revoke', body, headers: { 'content-type': type } })
  for (const [body, type] of [
    [`client_id=${publicApp.id}`, undefined],
    [`client_id=${publicApp.id}&token=a&token=b`, undefined],
    [JSON.stringify({ token: access_token, client_id: publicApp.id }), 'application/json'],
  ] as const) {
    const reply = await send(body, type)
    assert.equal(reply.status, 400)
    assert.equal(JSON.parse(reply.body).error, 'invalid_request')
  }
  assert.equal(await isGood(world, access_token), true)
  const hinted = `client_id=${publicApp.id}&token=${access_token}&token_type_hint=refresh_token`
  assert.equal((await send(hinted)).status, 200)
  assert.equal(await isGood(world, access_token), false)
})

test('CORS-02: a page of a registered app may revoke, others may not read the answer', async () => {
  const world = await createWorld()
  const origin = 'https://app.example'
  const own = await revoke(world, 'x', { client_id: publicApp.id }, { origin })
  assert.equal(own.headers['access-control-allow-origin'], origin)
  const foreign = await revoke(world, 'x', { client_id: publicApp.id }, { origin: 'https://evil.example' })
  assert.equal(foreign.headers['access-control-allow-origin'], undefined)
})
