import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import type { StoredLaunch } from '../ehr/ports.ts'
import { createLaunchStore } from './launches.ts'
import type { Sql } from './sql.ts'

const launch: StoredLaunch = {
  handleHash: 'hash',
  clientId: 'app',
  userId: 'user',
  sessionId: 'session',
  context: { patient: '1', needPatientBanner: false, fhirContext: [{ reference: 'ImagingStudy/9' }] },
  expiresAt: 1000,
}
const holder = { clientId: 'app', userId: 'user', sessionId: 'session' }

async function storeWithLaunch(sql: Sql) {
  const store = createLaunchStore(sql)
  await store.add(launch)
  return store
}

testOnEach('LNCH-03: a launch is taken once, whole', async (sql) => {
  const store = await storeWithLaunch(sql)
  assert.deepEqual(await store.find('hash', holder, 999), launch)
  assert.deepEqual(await store.take('hash', holder, 999), launch)
  assert.equal(await store.take('hash', holder, 999), undefined)
})

testOnEach('LNCH-03: of two takers at once, one gets it', async (sql) => {
  const store = await storeWithLaunch(sql)
  const taken = await Promise.all([store.take('hash', holder, 1), store.take('hash', holder, 1)])
  assert.equal(taken.filter(Boolean).length, 1)
})

testOnEach('LNCH-06: a foreign app, user or session neither gets nor consumes it', async (sql) => {
  const store = await storeWithLaunch(sql)
  for (const foreign of [{ clientId: 'other' }, { userId: 'other' }, { sessionId: 'other' }])
    assert.equal(await store.take('hash', { ...holder, ...foreign }, 1), undefined)
  assert.ok(await store.take('hash', holder, 1))
})

testOnEach(
  'LNCH-03: an expired launch is neither found nor taken, and a sweep forgets it only then',
  async (sql) => {
    const store = await storeWithLaunch(sql)
    await store.sweep(999)
    assert.ok(await store.find('hash', holder, 999))
    assert.equal(await store.find('hash', holder, 1000), undefined)
    assert.equal(await store.take('hash', holder, 1000), undefined)
    await store.sweep(1000)
    assert.equal(await store.find('hash', holder, 1), undefined)
  },
)
