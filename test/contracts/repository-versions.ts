/** Writing: versions, conflicts, deletion, all or nothing. */
import assert from 'node:assert/strict'
import { isVersionConflict } from '../../src/resource/repository.ts'
import type { Resource } from '../../src/smart/resource.ts'
import { observation, slice } from './repository-fixtures.ts'
import { type Contract, find, idsOf } from './repository-setting.ts'

const mei: Resource = { resourceType: 'Patient', id: 'mei', gender: 'female' }

/** Each write is a version, and each version stays. */
export function versions(contract: Contract): void {
  contract('a created resource has an id, a version and an instant', async ({ repository }) => {
    const stored = await repository.create({ resourceType: 'Patient', meta: { tag: [{ code: 'a' }] } })
    assert.match(stored.id, /^[0-9a-f-]{36}$/)
    assert.equal(stored.version, '1')
    assert.equal(stored.lastUpdated, '2024-07-01T00:00:00.000Z')
    const expected = { tag: [{ code: 'a' }], versionId: '1', lastUpdated: stored.lastUpdated }
    assert.deepEqual(stored.resource, { resourceType: 'Patient', id: stored.id, meta: expected })
    assert.deepEqual(JSON.parse(stored.json), stored.resource)
    assert.deepEqual((await repository.read('Patient', stored.id))?.json, stored.json)
    assert.deepEqual(await repository.counts(), { Patient: 1 })
  })

  contract('every version stays readable', async ({ repository, time }) => {
    assert.equal((await repository.update(mei)).created, true)
    time.now += 1000
    const { stored, created } = await repository.update({ ...mei, gender: 'other' })
    assert.deepEqual([stored.version, stored.lastUpdated, created], ['2', '2024-07-01T00:00:01.000Z', false])
    assert.equal((await repository.vread('Patient', 'mei', '1'))?.resource.gender, 'female')
    assert.equal((await repository.vread('Patient', 'mei', '2'))?.resource.gender, 'other')
    for (const version of ['3', '0', 'x', '1.0', '99999999999999999999']) {
      assert.equal(await repository.vread('Patient', 'mei', version), undefined)
    }
    assert.deepEqual(
      (await repository.history('Patient', 'mei')).map(({ version }) => version),
      ['2', '1'],
    )
  })

  contract(
    'the same content makes no version, whatever meta says of versions',
    async ({ repository, time }) => {
      const first = await repository.update({ ...mei, meta: { versionId: '9', source: 'urn:a' } })
      time.now += 1000
      const again = await repository.update({
        id: 'mei',
        meta: { source: 'urn:a' },
        gender: 'female',
        resourceType: 'Patient',
      })
      assert.deepEqual([again.unchanged, again.created, again.stored.json], [true, false, first.stored.json])
      assert.deepEqual(await repository.putAll([{ ...mei, meta: { source: 'urn:a' } }]), {
        created: 0,
        updated: 0,
        unchanged: 1,
      })
      assert.equal((await repository.history('Patient', 'mei')).length, 1)
    },
  )

  contract(
    'a deleted resource is a version without content, and is found no more',
    async ({ repository }) => {
      await repository.create(mei)
      const ended = await repository.delete('Patient', 'mei')
      assert.deepEqual([ended?.deleted, ended?.version, ended?.json], [true, '2', ''])
      assert.equal(await repository.delete('Patient', 'mei'), undefined)
      assert.equal((await repository.read('Patient', 'mei'))?.deleted, true)
      assert.deepEqual(await repository.readMany([{ type: 'Patient', id: 'mei' }]), [])
      assert.deepEqual(await find(repository, 'Patient'), { matches: [], total: 0 })
      assert.deepEqual(await find(repository, 'Patient?gender=female'), { matches: [], total: 0 })
      assert.deepEqual(await repository.counts(), {})
      const back = await repository.update(mei)
      assert.deepEqual([back.created, back.stored.version], [true, '3'])
      assert.deepEqual(idsOf(await find(repository, 'Patient?gender=female')), ['mei'])
    },
  )
}

/** What cannot be written leaves everything as it was. */
export function conflicts(contract: Contract): void {
  contract('create refuses an id that is taken', async ({ repository }) => {
    await repository.create(mei)
    await assert.rejects(repository.create(mei), isVersionConflict)
  })

  contract('a writer that expected another version is refused', async ({ repository }) => {
    await assert.rejects(repository.update(mei, { ifMatch: '1' }), isVersionConflict)
    await repository.update(mei, { ifAbsent: true })
    await assert.rejects(repository.update(mei, { ifAbsent: true }), isVersionConflict)
    await repository.update({ ...mei, gender: 'other' }, { ifMatch: '1' })
    await assert.rejects(
      repository.update({ ...mei, gender: 'male' }, { ifMatch: '1' }),
      (error) => isVersionConflict(error) && error.current === '2',
    )
    assert.equal((await repository.read('Patient', 'mei'))?.resource.gender, 'other')
  })

  contract('putAll writes all or nothing', async ({ repository }) => {
    const unwritable = { resourceType: 'Patient', id: 'bad', size: 1n } as Resource
    await assert.rejects(
      repository.putAll([{ ...mei, meta: { tag: [{ system: 'urn:new', code: 'x' }] } }, unwritable]),
    )
    assert.equal(await repository.read('Patient', 'mei'), undefined)
    // Numbers that were given to parameters and systems in the lost transaction must not be used again as if they held.
    await repository.putAll([{ ...mei, meta: { tag: [{ system: 'urn:new', code: 'x' }] } }])
    assert.deepEqual(idsOf(await find(repository, 'Patient?_tag=urn:new|x')), ['mei'])
  })

  contract('an update moves a resource in every index', async ({ repository }) => {
    const seen = { patient: 'mei', category: 'laboratory', code: 'a', at: '2024', value: 1 }
    await repository.update(observation('o', seen))
    await repository.update(observation('o', { ...seen, patient: 'tom', code: 'b', at: '2025', value: 2 }))
    for (const gone of ['patient=mei', 'code=a', 'date=2024', 'value-quantity=1']) {
      assert.deepEqual(idsOf(await find(repository, `Observation?${gone}`)), [], gone)
    }
    const inCompartment = (id: string) => ({ within: [slice('*', [`Patient/${id}`])], without: [] })
    assert.deepEqual(idsOf(await find(repository, 'Observation', inCompartment('mei'))), [])
    assert.deepEqual(idsOf(await find(repository, 'Observation?code=b', inCompartment('tom'))), ['o'])
  })
}
