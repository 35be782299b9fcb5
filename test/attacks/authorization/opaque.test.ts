/** Access tokens that say nothing: the store knows what they are worth. TOK-23, TOK-27, TOK-28. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { introspect, isGood, revoke } from './tokens.ts'
import { ask, claimsOf, obtain } from './visit.ts'
import { createWorld, MINUTE, publicApp, resourceServer, users, type World } from './world.ts'

const opaqueApp = { ...publicApp, accessTokenFormat: 'opaque' as const }
const createOpaque = () => createWorld({ clients: [opaqueApp, resourceServer] })

function refresh(world: World, token: string) {
  return ask(world, { grant_type: 'refresh_token', refresh_token: token, client_id: publicApp.id })
}

test('TOK-27, RFC-12: 256 random bits, of which the store has the hash', async () => {
  const world = await createOpaque()
  const { access_token } = await obtain(world, users.patient)
  assert.match(access_token, /^[A-Za-z0-9_-]{43}$/)
  const rows = await world.sql.all<Record<string, unknown>>('SELECT * FROM access_tokens')
  assert.equal(rows.length, 1)
  assert.equal(JSON.stringify(rows).includes(access_token), false)
})

test('it says the same by introspection as a signed one says itself', async () => {
  const [world, signing] = [await createOpaque(), await createWorld()]
  const [opaque, signed] = [await obtain(world, users.patient), await obtain(signing, users.patient)]
  const told = (await introspect(world, opaque.access_token)).body
  const { sub, grant, jti, fhirUser, ...same } = claimsOf(signed.access_token)
  for (const [name, value] of Object.entries(same)) assert.deepEqual(told[name], value, name)
  assert.ok(sub && grant && jti && fhirUser)
  const verified = await world.authorization.verifyAccessToken(opaque.access_token)
  assert.equal(verified?.patient, 'amara')
})

test('TOK-15: it ends on its second, with its grant, and when it is revoked', async () => {
  const world = await createOpaque()
  const first = await obtain(world, users.patient)
  assert.equal(await isGood(world, first.access_token), true)
  world.pass(10 * MINUTE)
  assert.equal(await isGood(world, first.access_token), false)
  const second = (await refresh(world, first.refresh_token)).body
  assert.match(second.access_token, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(await isGood(world, second.access_token), true)
  await revoke(world, second.access_token)
  assert.equal(await isGood(world, second.access_token), false)
  const third = (await refresh(world, second.refresh_token)).body
  await revoke(world, third.refresh_token)
  assert.equal(await isGood(world, third.access_token), false)
})

test('a refresh token, a code and a hash are no access token', async () => {
  const world = await createOpaque()
  const { refresh_token } = await obtain(world, users.patient)
  const [row] = await world.sql.all<{ hash: string }>('SELECT hash FROM access_tokens')
  for (const token of [refresh_token, row?.hash ?? '', 'A'.repeat(43)])
    assert.equal(await isGood(world, token), false)
})

test('a code that is refused leaves no access token behind', async () => {
  const world = await createOpaque()
  const { refresh_token } = await obtain(world, users.patient)
  await refresh(world, refresh_token)
  assert.equal((await refresh(world, refresh_token)).status, 400)
  const rows = await world.sql.all('SELECT * FROM access_tokens')
  assert.equal(rows.length, 2)
})

test('what has expired is swept up when it is over by every node’s clock', async () => {
  const world = await createOpaque()
  const { access_token } = await obtain(world, users.patient)
  await revoke(world, access_token)
  for (const [minutes, left] of [
    [10, 1],
    [10, 0],
  ] as const) {
    world.pass(minutes * MINUTE)
    await world.authorization.sweep()
    for (const table of ['access_tokens', 'revoked_tokens'])
      assert.equal((await world.sql.all(`SELECT * FROM ${table}`)).length, left)
  }
})
