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

const waiting: StoredLaunch = {
  handleHash: 'late',
  clientId: 'app',
  userId: 'user',
  context: {},
  expiresAt: 1000,
}
const start = { hash: 'start', expiresAt: 500 }

async function storeWithStart(sql: Sql) {
  const store = createLaunchStore(sql)
  await store.add(waiting, start)
  return store
}

testOnEach('LNCH-06: a launch whose browser has not come is nobody’s', async (sql) => {
  const store = await storeWithStart(sql)
  for (const sessionId of ['', 'session'])
    assert.equal(await store.take('late', { ...holder, sessionId }, 1), undefined)
  assert.equal(await store.bind('late', 'session', 1), false)
})

testOnEach(
  'LNCH-06: of browsers that come at once one is let in, and its session has the launch',
  async (sql) => {
    const store = await storeWithStart(sql)
    assert.deepEqual(await store.findStart('start', 499), waiting)
    const came = await Promise.all([1, 2, 3].map(() => store.useStart('start', 499)))
    assert.deepEqual(came.filter(Boolean), [waiting])
    assert.equal(await store.findStart('start', 499), undefined)
    const bound = await Promise.all([store.bind('late', 'session', 499), store.bind('late', 'other', 499)])
    assert.deepEqual(bound.sort(), [false, true])
  },
)

testOnEach('LNCH-06: a start dies in its time, and with its launch', async (sql) => {
  const store = await storeWithStart(sql)
  assert.equal(await store.useStart('start', 500), undefined)
  assert.equal(await store.useStart('none', 1), undefined)
  await store.add({ ...waiting, handleHash: 'older', expiresAt: 100 }, { hash: 'later', expiresAt: 500 })
  assert.equal(await store.useStart('later', 100), undefined)
  assert.ok(await store.useStart('start', 1))
  assert.equal(await store.bind('late', 'session', 1000), false)
})
