import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionStore } from '../identity/ports.ts'
import { withDepartures } from './departures.ts'

function world() {
  const done: unknown[] = []
  const inner = {
    find: async (id: string) => (id === 's1' ? { id, accountId: 'u1' } : undefined),
    remove: async (id: string) => void done.push(['removed', id]),
    removeOf: async (account: string, except?: string) => void done.push(['removed all', account, except]),
  } as unknown as SessionStore
  const sessions = withDepartures(inner, async (account, ended) => void done.push(['told', account, ended]))
  return { sessions, done }
}

test('Back-Channel Logout §2.5: whom to tell is written down before a session is gone, and then who was given something meanwhile', async () => {
  const { sessions, done } = world()
  await sessions.remove('s1')
  await sessions.removeOf('u1')
  assert.deepEqual(done, [
    ['told', 'u1', { only: 's1' }],
    ['removed', 's1'],
    ['told', 'u1', { only: 's1' }],
    ['told', 'u1', {}],
    ['removed all', 'u1', undefined],
    ['told', 'u1', {}],
  ])
})

test('a session that is kept is kept, and its apps are not told', async () => {
  const { sessions, done } = world()
  await sessions.removeOf('u1', 's2')
  assert.deepEqual(done, [
    ['told', 'u1', { except: 's2' }],
    ['removed all', 'u1', 's2'],
    ['told', 'u1', { except: 's2' }],
  ])
})

test('a session that is not there is no departure', async () => {
  const { sessions, done } = world()
  await sessions.remove('s2')
  assert.deepEqual(done, [['removed', 's2']])
})
