import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JWKS_KEPT, KEY_PUBLISHED_AHEAD, KEY_PUBLISHED_MARGIN } from './durations.ts'
import { createKeys, keyStates } from './keys.ts'
import { newKey } from './new-key.ts'
import type { KeyStore, RetiredKey, StoredKey } from './ports.ts'

const DAY = 24 * 60 * 60 * 1000
const rotation = { rotateEvery: 90 * DAY, longestSigned: 60 * 60 * 1000 }

/** A store in memory, shared by nodes; a clock. */
function played() {
  let kept: StoredKey[] = []
  let retired: RetiredKey[] = []
  const state = { time: 1000 * DAY, looks: 0 }
  const store: KeyStore = {
    kids: async () => kept.map(({ kid }) => kid),
    async list() {
      state.looks++
      return kept.toSorted((a, b) => b.signsFrom - a.signsFrom)
    },
    async addNext(key, since) {
      if (kept.some(({ alg, createdAt }) => alg === key.alg && createdAt > since)) return false
      kept.push(key)
      return true
    },
    async replaceAll(keys) {
      kept = [...keys]
      retired = []
    },
    async remove(kids, gone) {
      kept = kept.filter(({ kid }) => !kids.includes(kid))
      retired.push(...(gone?.retired ?? []))
    },
    listRetired: async () => retired,
    async forgetRetired(before) {
      retired = retired.filter(({ retiredAt }) => retiredAt >= before)
    },
  }
  return { state, store, node: () => createKeys(store, () => state.time, rotation) }
}

const kids = (keys: readonly { readonly kid: string }[]) => keys.map(({ kid }) => kid).sort()

test('CTX-48, CTX-49: the first start makes a key of each algorithm, which sign at once', async () => {
  const { node } = played()
  const keys = await node()
  assert.equal(keys.signing.ES256.alg, 'ES256')
  assert.equal(keys.signing.RS256.alg, 'RS256')
  assert.equal(keys.jwks.keys.length, 2)
})

test('nodes that start together have the same keys', async () => {
  const { node } = played()
  const [a, b] = await Promise.all([node(), node()])
  await a.reload()
  await b.reload()
  assert.deepEqual(kids(a.all), kids(b.all))
  assert.equal(a.signing.ES256.kid, b.signing.ES256.kid)
})

test('a new key is public for longer than anybody keeps the set before it signs, and the old one until its last token died', async () => {
  const { state, node } = played()
  const keys = await node()
  const old = keys.signing.ES256
  state.time += rotation.rotateEvery
  await keys.tend()
  const next = keys.all.find(({ alg, kid }) => alg === 'ES256' && kid !== old.kid)
  assert.ok(next && KEY_PUBLISHED_AHEAD > JWKS_KEPT)
  state.time += KEY_PUBLISHED_AHEAD - 1
  assert.equal(keys.signing.ES256, old)
  state.time += 1
  // Nobody has to be told: the time has come.
  assert.equal(keys.signing.ES256, next)
  assert.ok(keys.all.includes(old))
  state.time += rotation.longestSigned + KEY_PUBLISHED_MARGIN - 1
  assert.ok(keys.all.includes(old))
  state.time += 1
  assert.equal(keys.all.includes(old), false)
  await keys.tend()
  assert.deepEqual(kids(keys.all).length, 2)
})

test('a key gets one successor, however many nodes tend and however often', async () => {
  const { state, store, node } = played()
  const nodes = await Promise.all([node(), node(), node()])
  state.time += rotation.rotateEvery
  await Promise.all(nodes.flatMap((keys) => [keys.tend(), keys.tend()]))
  assert.equal((await store.list()).length, 4)
})

test('a node takes up what another one made, by itself or for a token that has it', async () => {
  const { state, store, node } = played()
  const keys = await node()
  const next = await newKey('ES256', state.time + 1, state.time + KEY_PUBLISHED_AHEAD)
  await store.addNext(next, state.time)
  assert.equal(
    keys.all.some(({ kid }) => kid === next.kid),
    false,
  )
  await keys.seek()
  assert.ok(keys.all.some(({ kid }) => kid === next.kid))
})

test('unknown keys make it look once a second at most', async () => {
  const { state, node } = played()
  const keys = await node()
  const before = state.looks
  for (let at = 0; at < 100; at++) await keys.seek()
  assert.equal(state.looks, before + 1)
  state.time += 1000
  await keys.seek()
  assert.equal(state.looks, before + 2)
})

test('keys that were replaced are gone, and it shows', async () => {
  const { state, store, node } = played()
  const keys = await node()
  const { generation } = keys
  const old = keys.signing.ES256
  const made = await Promise.all(
    (['ES256', 'RS256'] as const).map((alg) => newKey(alg, state.time, state.time)),
  )
  await store.replaceAll(made)
  await keys.reload()
  assert.equal(keys.all.includes(old), false)
  assert.notEqual(keys.generation, generation)
  assert.deepEqual(kids(keys.all), kids(made))
})

test('a stored key that is not the one its name says is refused', async () => {
  const { store, node } = played()
  await node()
  const [first, ...others] = await store.list()
  assert.ok(first)
  const foreign = await newKey(first.alg, 0, 0)
  await store.replaceAll([{ ...first, privateKey: foreign.privateKey }, ...others])
  await assert.rejects(node(), /another one/)
})

test('the states of keys follow from the list and the time', async () => {
  const key = (kid: string, signsFrom: number): StoredKey => ({
    kid,
    alg: 'ES256',
    privateKey: '',
    createdAt: signsFrom - 10,
    signsFrom,
  })
  const list = [key('c', 300), key('b', 200), key('a', 100)]
  const at = (now: number) => Object.fromEntries(keyStates(list, now, 50))
  const margin = KEY_PUBLISHED_MARGIN
  assert.deepEqual(at(0), { a: 'signing', b: 'next', c: 'next' })
  assert.deepEqual(at(200), { a: 'published', b: 'signing', c: 'next' })
  assert.deepEqual(at(250 + margin), { a: 'over', b: 'published', c: 'signing' })
  assert.deepEqual(at(350 + margin), { a: 'over', b: 'over', c: 'signing' })
})
