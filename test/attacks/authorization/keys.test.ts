/** Signing keys change under a running server: no request fails, and no key of an attacker is one. RSRC-02, CTX-48, TOK-27. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { KEY_PUBLISHED_AHEAD } from '../../../src/authorization/durations.ts'
import { algorithms, nextKey } from '../../../src/authorization/keys.ts'
import { newKey } from '../../../src/authorization/new-key.ts'
import { createSecretBox, SECRET_BOX_KEY_BYTES } from '../../../src/store/secret-box.ts'
import { createKeyStore } from '../../../src/store/signing-keys.ts'
import { introspect, isGood } from './tokens.ts'
import { ask, claimsOf, obtain } from './visit.ts'
import { createWorld, MINUTE, publicApp, SECOND, users, type World } from './world.ts'

interface Jwks {
  readonly keys: readonly { readonly kid: string; readonly alg: string }[]
}

async function published(world: World): Promise<Jwks> {
  const reply = await world.app.inject({ url: '/oauth/jwks' })
  assert.equal(reply.headers['cache-control'], 'public, max-age=3600')
  return JSON.parse(reply.body)
}

function kidOf(token: string): string {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
}

/** What `keys rotate` does, on another node. */
async function rotate(world: World): Promise<void> {
  const kept = await world.keys.list()
  for (const alg of algorithms) await world.keys.addNext(await nextKey(alg, kept, world.now()), world.now())
}

test('a rotation on another node fails no request: whoever has the published set can verify every token', async () => {
  const world = await createWorld()
  const first = await obtain(world, users.patient)
  await rotate(world)
  await world.authorization.refresh()
  // What an app fetches now, and keeps for as long as it may.
  const kept = await published(world)
  assert.equal(kept.keys.length, 4)
  world.pass(KEY_PUBLISHED_AHEAD - 5 * MINUTE)
  const before = await obtain(world, users.patient)
  assert.equal(kidOf(before.access_token), kidOf(first.access_token))
  world.pass(5 * MINUTE)
  const after = await obtain(world, users.patient)
  assert.notEqual(kidOf(after.access_token), kidOf(first.access_token))
  assert.notEqual(kidOf(after.id_token), kidOf(first.id_token))
  // The old one and the new one at the same time, by us and by whoever kept the set.
  assert.ok((await isGood(world, before.access_token)) && (await isGood(world, after.access_token)))
  const set = createLocalJWKSet(kept as Parameters<typeof createLocalJWKSet>[0])
  const currentDate = new Date(world.now())
  for (const { id_token } of [before, after]) await jwtVerify(id_token, set, { currentDate })
})

test('a token with a key that another node has just made is taken, without waiting for the next look', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  const made = await newKey('ES256', world.now(), world.now())
  await world.keys.addNext(made, world.now())
  const input = `${encode({ alg: 'ES256', typ: 'at+jwt', kid: made.kid })}.${encode(claimsOf(access_token))}`
  const signature = sign('sha256', Buffer.from(input), { key: made.privateKey, dsaEncoding: 'ieee-p1363' })
  assert.ok(await isGood(world, `${input}.${signature.toString('base64url')}`))
})

test('invented keys make the server look once a second, and are none', async () => {
  const world = await createWorld()
  const { access_token } = await obtain(world, users.patient)
  let looks = 0
  const { list } = world.keys
  Object.assign(world.keys, {
    list: () => {
      looks++
      return list()
    },
  })
  const forge = (kid: string) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const input = `${encode({ alg: 'ES256', typ: 'at+jwt', kid })}.${encode(claimsOf(access_token))}`
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${input}.${signature.toString('base64url')}`
  }
  for (let at = 0; at < 20; at++) assert.equal(await isGood(world, forge(`kid-${at}`)), false)
  assert.equal(looks, 1)
  world.pass(SECOND)
  assert.equal(await isGood(world, forge('one-more')), false)
  assert.equal(looks, 2)
  for (const kid of ['__proto__', 'constructor', '../key', "' OR 1=1 --", ''])
    assert.equal(await isGood(world, forge(kid)), false)
})

test('a key that somebody may have stolen is gone with everything it signed, remembered or not', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  assert.ok(await isGood(world, tokens.access_token))
  const now = world.now()
  await world.keys.replaceAll(await Promise.all(algorithms.map((alg) => newKey(alg, now, now))))
  await world.authorization.refresh()
  assert.equal(await isGood(world, tokens.access_token), false)
  assert.deepEqual((await introspect(world, tokens.access_token)).body, { active: false })
  assert.equal(
    (await published(world)).keys.some(({ kid }) => kid === kidOf(tokens.access_token)),
    false,
  )
  // What was granted is not lost: the app refreshes.
  const form = {
    grant_type: 'refresh_token',
    refresh_token: tokens.refresh_token,
    client_id: publicApp.id,
  }
  assert.ok(await isGood(world, (await ask(world, form)).body.access_token))
})

test('stolen keys are gone also where the new ones were encrypted with a key that this node was not given', async () => {
  const world = await createWorld()
  const tokens = await obtain(world, users.patient)
  assert.ok(await isGood(world, tokens.access_token))
  const now = world.now()
  const made = await Promise.all(algorithms.map((alg) => newKey(alg, now, now)))
  const elsewhere = createKeyStore(world.sql, createSecretBox([randomBytes(SECRET_BOX_KEY_BYTES)]))
  await elsewhere.replaceAll(made)
  await assert.rejects(world.authorization.refresh(), /no encryption key was given/)
  const isTaken = () => world.authorization.verifyAccessToken(tokens.access_token).then(Boolean, () => false)
  assert.deepEqual([await isTaken(), await isTaken()], [false, false])
  assert.deepEqual((await published(world)).keys, [])
  // Nothing is signed with them either, and what cannot be given is not used up.
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: publicApp.id }
  assert.equal((await ask(world, form)).status, 500)
  await world.keys.replaceAll(made)
  await world.authorization.refresh()
  assert.ok(await isGood(world, (await ask(world, form)).body.access_token))
})

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
