/** Consents as they are kept in memory: a new one counts within a second, an ended one no longer, a failure never gives. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEmpty } from '../../test/fixtures/databases.ts'
import { indexing } from '../resource/search/indexing.ts'
import { keptTag } from '../smart/read-only.ts'
import type { Resource } from '../smart/resource.ts'
import { createRecords } from '../store/records/records.ts'
import { createConsents } from './consents.ts'

const base = 'https://ehr.example.org/fhir'

async function setting() {
  const clock = { now: Date.UTC(2026, 5, 15, 12) }
  const now = () => clock.now
  const repository = createRecords(await openEmpty(), { indexing, now, newId: () => 'x' })
  let asked = 0
  let failing = false
  const watched = {
    ...repository,
    search: async (plan: Parameters<typeof repository.search>[0]) => {
      asked++
      if (failing) throw new Error('no answer')
      return repository.search(plan)
    },
  }
  const consents = createConsents(watched, base, now)
  return {
    clock,
    repository,
    consents,
    asked: () => asked,
    fail: (fails: boolean) => {
      failing = fails
    },
    patients: async () => (await consents.active()).map(({ patients }) => patients.join('+')),
  }
}

const deny = (id: string, patient: string, more: object = {}) =>
  ({
    resourceType: 'Consent',
    id,
    status: 'active',
    patient: { reference: `Patient/${patient}` },
    provision: { type: 'deny' },
    ...more,
  }) as Resource

test('patients who say the same are one group, and the same value as long as nothing changes', async () => {
  const { repository, consents, patients, clock } = await setting()
  await repository.putAll([deny('a', '1'), deny('b', '2'), deny('c', '3', { provision: { type: 'permit' } })])
  assert.deepEqual(await patients(), ['1+2'])
  const before = await consents.active()
  clock.now += 500
  assert.equal(await consents.active(), before)
})

test('a new Consent counts half a second later, one that has ended no longer, one that was deleted within a minute', async () => {
  const { repository, patients, clock } = await setting()
  assert.deepEqual(await patients(), [])
  await repository.update(deny('a', '1'))
  assert.deepEqual(await patients(), [])
  clock.now += 500
  assert.deepEqual(await patients(), ['1'])
  await repository.update(deny('a', '1', { status: 'inactive' }))
  clock.now += 500
  assert.deepEqual(await patients(), [])
  await repository.update(deny('b', '2'))
  clock.now += 500
  assert.deepEqual(await patients(), ['2'])
  await repository.delete('Consent', 'b')
  clock.now += 60_000
  assert.deepEqual(await patients(), [])
})

test('decisions about apps, which the server marks, are not even read: however many there are, nobody waits for them', async () => {
  const { repository, consents, patients, clock } = await setting()
  const permit = { meta: { tag: [keptTag] }, provision: { type: 'permit' } }
  await repository.putAll([deny('a', '1'), deny('b', '2', permit), deny('c', '1', permit)])
  assert.deepEqual(await patients(), ['1'])
  const before = await consents.active()
  await repository.update(deny('d', '3', permit))
  clock.now += 500
  assert.equal(await consents.active(), before)
})

test('requests of one moment share an answer', async () => {
  const { consents, asked, clock } = await setting()
  await Promise.all([consents.active(), consents.active(), consents.active()])
  clock.now += 499
  await consents.active()
  assert.equal(asked(), 1)
})

test('Consents that cannot be read are not taken for none', async () => {
  const { consents, fail, clock } = await setting()
  fail(true)
  await assert.rejects(consents.active())
  fail(false)
  await consents.active()
  clock.now += 500
  fail(true)
  await assert.rejects(consents.active())
})
