import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGrantLife } from './grant-life.ts'
import type { GrantStore } from './ports.ts'

function played() {
  const state = { live: true, asked: 0, time: 0, used: [] as number[] }
  const grants = {
    isLive: async () => {
      state.asked++
      return state.live
    },
    noteUse: async (_id: string, time: number) => {
      state.used.push(time)
    },
    end: async () => {
      state.live = false
    },
    revokeToken: async () => {
      state.live = false
    },
  } as Partial<GrantStore> as GrantStore
  return { state, life: createGrantLife(grants, () => state.time) }
}

test('a live grant is asked about once a second', async () => {
  const { state, life } = played()
  for (state.time of [0, 1, 999]) assert.equal(await life.isLive('g'), true)
  assert.equal(state.asked, 1)
  state.live = false
  state.time = 1000
  assert.equal(await life.isLive('g'), false)
})

test('RFC-23: each token of a grant is asked about once a second, and revoking one counts at once', async () => {
  const { state, life } = played()
  for (const token of ['a', 'b', 'a', 'b', 'a']) assert.equal(await life.isLive('g', token), true)
  assert.equal(state.asked, 2)
  await life.revokeToken('g', 'a', 1000)
  assert.equal(await life.isLive('g', 'a'), false)
})

test('what a second token of a grant is believed by ends with the first: nothing is believed longer than a second', async () => {
  const { state, life } = played()
  await life.isLive('g', 'a')
  state.time = 900
  await life.isLive('g', 'b')
  state.live = false
  state.time = 1000
  assert.equal(await life.isLive('g', 'b'), false)
})

test('REFR-20: ending a grant here counts at once', async () => {
  const { life } = played()
  assert.equal(await life.isLive('g'), true)
  await life.end('g')
  assert.equal(await life.isLive('g'), false)
})

test('REFR-20: an answer that was under way when the grant ended is not remembered', async () => {
  const late = Promise.withResolvers<boolean>()
  const answers = [late.promise, Promise.resolve(false)]
  const grants = {
    isLive: () => answers.shift(),
    end: async () => undefined,
    noteUse: async () => undefined,
  } as Partial<GrantStore> as GrantStore
  const life = createGrantLife(grants, () => 0)
  const asking = life.isLive('g')
  await life.end('g')
  late.resolve(true)
  await asking
  assert.equal(await life.isLive('g'), false)
})

test('after an app was changed nothing is believed any more', async () => {
  const { state, life } = played()
  await life.isLive('g')
  state.live = false
  life.forget()
  assert.equal(await life.isLive('g'), false)
})

test('DISC-27: that a grant is used is kept once a minute, and not of one that has ended', async () => {
  const { state, life } = played()
  for (state.time of [0, 1000, 59_000, 60_000, 61_000]) await life.isLive('g')
  assert.deepEqual(state.used, [0, 60_000])
  state.live = false
  state.time = 200_000
  await life.isLive('g')
  assert.deepEqual(state.used, [0, 60_000])
})
