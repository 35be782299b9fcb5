/**
 * A token cannot be signed, by a fault of ours: the app is told of that and of nothing else, and nothing is left of the request.
 * What it came with is as good as before; else a refresh token would be used up without a successor, and its next use be
 * taken for a theft. REFR-05, TOK-02, TOK-22.
 */
import assert from 'node:assert/strict'
import crypto, { type KeyObject } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { test } from 'node:test'
import { tokenExchange } from '../../../src/authorization/client.ts'
import { askWith, assertionOf, backendOf, keyPair } from './backend.ts'
import { asConfidential, introspect, isGood, obtainConfidential } from './tokens.ts'
import { ask, Browser, obtain, redeem } from './visit.ts'
import { confidentialApp, createWorld, publicApp, resourceServer, users, type World } from './world.ts'

/** Access tokens are signed by keys of the one kind, ID tokens by those of the other. */
type Kind = 'ec' | 'rsa'

/** Runs `work` while no key of that kind signs; gives how often one was asked to. */
async function unsigned(kind: Kind, work: () => Promise<void>): Promise<number> {
  const { sign } = crypto
  let asked = 0
  const failing = (alg: string, data: Buffer, key: KeyObject, done?: (error: Error) => void) => {
    if (key.asymmetricKeyType !== kind)
      return done ? sign(alg, data, key, done as never) : sign(alg, data, key)
    asked++
    const fault = new Error('the key cannot be used: PRIVATE-DETAIL')
    if (!done) throw fault
    setImmediate(done, fault)
  }
  crypto.sign = failing as typeof sign
  syncBuiltinESMExports()
  try {
    await work()
  } finally {
    crypto.sign = sign
    syncBuiltinESMExports()
  }
  return asked
}

// Not when a grant was used last: that an exchange looked at its token is no part of what it gives.
const grants = '(SELECT id, ended_at, data FROM grants) g'
const tables = ['codes', grants, 'refresh_tokens', 'access_tokens', 'revoked_tokens']

async function everything(world: World): Promise<unknown> {
  const kept = tables.map((table) => world.sql.all(`SELECT * FROM ${table} ORDER BY 1`))
  return [structuredClone(world.events), ...(await Promise.all(kept))]
}

/** Sends a request that cannot be answered for want of a signature, and finds everything as it was. */
async function assertNothingLeft(
  world: World,
  kind: Kind,
  request: () => ReturnType<typeof ask>,
): Promise<void> {
  const before = await everything(world)
  const asked = await unsigned(kind, async () => {
    const { status, headers, body } = await request()
    assert.deepEqual([status, body.error], [500, 'server_error'])
    assert.doesNotMatch(JSON.stringify(body), /PRIVATE-DETAIL|token":/)
    assert.equal(headers['cache-control'], 'no-store')
  })
  assert.equal(asked, 1)
  assert.deepEqual(await everything(world), before)
}

const refreshing = (token: string) => ({
  grant_type: 'refresh_token',
  refresh_token: token,
  client_id: publicApp.id,
})

test('REFR-05, REFR-20: a refresh whose token cannot be signed leaves the refresh token usable, once', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  const form = refreshing(tokens.refresh_token)
  for (let time = 0; time < 2; time++) await assertNothingLeft(world, 'ec', () => ask(world, form))
  const { status, body } = await ask(world, form)
  assert.equal(status, 200)
  assert.ok(await isGood(world, body.access_token))
  assert.equal((await ask(world, refreshing(body.refresh_token))).status, 200)
  // Used up now: another use of it is a theft after all.
  assert.equal((await ask(world, form)).status, 400)
  assert.equal(await isGood(world, body.access_token), false)
})

for (const kind of ['ec', 'rsa'] as const)
  test(`TOK-02, CTX-39: a code is still good when ${kind === 'ec' ? 'the access token' : 'the ID token'} cannot be signed`, async () => {
    const world = await createWorld()
    const { code } = await (await new Browser(world, users.patient).open()).allow()
    await assertNothingLeft(world, kind, () => redeem(world, code))
    const { status, body } = await redeem(world, code)
    assert.equal(status, 200)
    assert.ok(await isGood(world, body.access_token))
    assert.equal((await ask(world, refreshing(body.refresh_token))).status, 200)
  })

test('an opaque access token without its ID token is not kept either', async () => {
  const opaque = { ...publicApp, accessTokenFormat: 'opaque' as const }
  const world = await createWorld({ clients: [opaque, resourceServer] })
  const { code } = await (await new Browser(world, users.patient).open()).allow()
  await assertNothingLeft(world, 'rsa', () => redeem(world, code))
  assert.equal((await redeem(world, code)).status, 200)
})

test('an exchange whose token cannot be signed is not on record, and the old token lives on', async () => {
  const exchanging = {
    ...confidentialApp,
    grantTypes: ['authorization_code', 'refresh_token', tokenExchange] as const,
  }
  const world = await createWorld({ clients: [exchanging, resourceServer] })
  const { access_token } = await obtainConfidential(world, users.patient)
  const form = {
    grant_type: tokenExchange,
    subject_token: access_token,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    scope: 'patient/Observation.rs',
  }
  await assertNothingLeft(world, 'ec', () => ask(world, form, asConfidential))
  assert.equal((await introspect(world, access_token)).body.active, true)
  assert.equal((await ask(world, form, asConfidential)).status, 200)
})

test('CAUTH-37: a backend service gets no grant without its token; its assertion has been seen and is used up', async () => {
  const pair = await keyPair('RS384')
  const world = await createWorld({ clients: [await backendOf([pair])] })
  const assertion = await assertionOf(world, pair)
  await assertNothingLeft(world, 'ec', () => askWith(world, assertion))
  assert.deepEqual((await askWith(world, assertion)).body.error, 'invalid_client')
  assert.equal((await askWith(world, await assertionOf(world, pair))).status, 200)
})
