import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import type { StoredEmergency } from '../ehr/ports.ts'
import { createEmergencyStore } from './emergency-access.ts'

const emergency = (id: string, more: Partial<StoredEmergency> = {}): StoredEmergency => ({
  id,
  userId: 'lin',
  patient: '1',
  name: 'Dr Lin',
  reason: 'unconscious',
  openedAt: 1000,
  endsAt: 2000,
  ...more,
})

testOnEach('an exception is open for its clinician and its patient until it ends', async (sql) => {
  const store = createEmergencyStore(sql)
  await store.add(emergency('a'))
  await store.add(emergency('b', { patient: '2', endsAt: 3000 }))
  await store.add(emergency('c', { patient: '2', endsAt: 2500 }))
  assert.deepEqual((await store.openFor('lin', 1999)).toSorted(), ['1', '2'])
  assert.deepEqual(await store.openFor('lin', 2000), ['2'])
  assert.deepEqual(await store.openFor('lin', 3000), [])
  assert.deepEqual(await store.openFor('other', 1999), [])
})

testOnEach('a patient’s exceptions are listed, the newest first, until they are swept', async (sql) => {
  const store = createEmergencyStore(sql)
  const [first, second] = [emergency('a'), emergency('b', { openedAt: 1500, endsAt: 2500 })]
  await store.add(first)
  await store.add(second)
  assert.deepEqual(await store.ofPatient('1', 10), [second, first])
  assert.deepEqual(await store.ofPatient('1', 1), [second])
  assert.deepEqual(await store.ofPatient('2', 10), [])
  await store.sweep(2000)
  assert.deepEqual(await store.ofPatient('1', 10), [second])
})

testOnEach('of one clinician’s open exceptions the number has a bound, and the newest count', async (sql) => {
  const store = createEmergencyStore(sql)
  for (let at = 0; at < 105; at++)
    await store.add(emergency(`e${at}`, { patient: `p${at}`, endsAt: 2000 + at }))
  const open = await store.openFor('lin', 1000)
  assert.equal(open.length, 100)
  assert.ok(open.includes('p104') && !open.includes('p0'))
})
