import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionStore } from '../identity/ports.ts'
import { withDepartures } from './departures.ts'

function world() {
  const done: string[] = []
  const inner = {
    find: async (id: string) => (id === 's1' ? { id, accountId: 'u1' } : undefined),
    remove: async (id: string) => void done.push(`removed ${id}`),
    removeOf: async (account: string) => void done.push(`removed all of ${account}`),
  } as unknown as SessionStore
  const sessions = withDepartures(inner, async (account, session) => {
    done.push(`told of ${account} ${session ?? 'everywhere'}`)
  })
  return { sessions, done }
}

test('Back-Channel Logout §2.5: whom to tell is written down before a session is gone', async () => {
  const { sessions, done } = world()
  await sessions.remove('s1')
  await sessions.removeOf('u1')
  assert.deepEqual(done, ['told of u1 s1', 'removed s1', 'told of u1 everywhere', 'removed all of u1'])
})

test('a session that is not there is no departure', async () => {
  const { sessions, done } = world()
  await sessions.remove('s2')
  assert.deepEqual(done, ['removed s2'])
})
