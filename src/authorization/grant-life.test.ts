import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGrantLife } from './grant-life.ts'
import type { GrantStore } from './ports.ts'

function played() {
  const state = { live: true, asked: 0, time: 0 }
  const grants = {
    isLive: async () => {
      state.asked++
      return state.live
    },
    end: async () => {
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

test('REFR-20: ending a grant here counts at once, also against an answer that is under way', async () => {
  const { state, life } = played()
  assert.equal(await life.isLive('g'), true)
  await life.end('g')
  assert.equal(await life.isLive('g'), false)
  state.live = true
  const asking = life.isLive('h')
  await life.end('h')
  await asking
  assert.equal(await life.isLive('h'), false)
})

test('after an app was changed nothing is believed any more', async () => {
  const { state, life } = played()
  await life.isLive('g')
  state.live = false
  life.forget()
  assert.equal(await life.isLive('g'), false)
})
