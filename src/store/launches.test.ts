import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoredLaunch } from '../ehr/ports.ts'
import { createLaunchStore } from './launches.ts'
import { openDatabase } from './sqlite/database.ts'

const launch: StoredLaunch = {
  handleHash: 'hash',
  clientId: 'app',
  userId: 'user',
  sessionId: 'session',
  context: { patient: '1', needPatientBanner: false, fhirContext: [{ reference: 'ImagingStudy/9' }] },
  expiresAt: 1000,
}
const holder = { clientId: 'app', userId: 'user', sessionId: 'session' }

async function storeWithLaunch() {
  const store = createLaunchStore(openDatabase(':memory:'))
  await store.add(launch)
  return store
}

test('LNCH-03: a launch is taken once, whole', async () => {
  const store = await storeWithLaunch()
  assert.deepEqual(await store.find('hash', holder, 999), launch)
  assert.deepEqual(await store.take('hash', holder, 999), launch)
  assert.equal(await store.take('hash', holder, 999), undefined)
})

test('LNCH-03: of two takers at once, one gets it', async () => {
  const store = await storeWithLaunch()
  const taken = await Promise.all([store.take('hash', holder, 1), store.take('hash', holder, 1)])
  assert.equal(taken.filter(Boolean).length, 1)
})

test('LNCH-06: a foreign app, user or session neither gets nor consumes it', async () => {
  const store = await storeWithLaunch()
  for (const foreign of [{ clientId: 'other' }, { userId: 'other' }, { sessionId: 'other' }])
    assert.equal(await store.take('hash', { ...holder, ...foreign }, 1), undefined)
  assert.ok(await store.take('hash', holder, 1))
})

test('LNCH-03: an expired launch is neither found nor taken, and a sweep forgets it only then', async () => {
  const store = await storeWithLaunch()
  await store.sweep(999)
  assert.ok(await store.find('hash', holder, 999))
  assert.equal(await store.find('hash', holder, 1000), undefined)
  assert.equal(await store.take('hash', holder, 1000), undefined)
  await store.sweep(1000)
  assert.equal(await store.find('hash', holder, 1), undefined)
})
