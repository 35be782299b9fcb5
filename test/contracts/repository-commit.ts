/** Several changes as one, and the history of many resources. */
import assert from 'node:assert/strict'
import { type Change, isVersionConflict, type Repository } from '../../src/resource/repository.ts'
import { planSearch } from '../../src/resource/search/plan-search.ts'
import { planReach } from '../../src/resource/search/reach.ts'
import type { Resource } from '../../src/smart/resource.ts'
import { everything, slice } from './repository-fixtures.ts'
import { base, type Contract } from './repository-setting.ts'

const patient = (id: string, more: object = {}): Resource => ({ resourceType: 'Patient', id, ...more })
const put = (resource: Resource, more: object = {}): Change => ({ kind: 'put', resource, ...more })
const all = planReach(everything, '*')

function expect(query: string, ids: readonly string[]): Change {
  const parameters = [...new URLSearchParams(`${query}&_count=2&_total=none`)]
  const { plan } = planSearch({ type: 'Patient', parameters, reach: everything, base, strict: true })
  return { kind: 'expect', plan, ids }
}

async function versionsOf(repository: Repository, more: object = {}): Promise<string[]> {
  const { versions } = await repository.historyPage({ count: 100, reach: all, ...more })
  return versions.map(({ stored }) => `${stored.id}/${stored.version}`)
}

/** All of a commit or nothing. */
export function commits(contract: Contract): void {
  contract('a commit gives what each change came to, in order', async ({ repository }) => {
    await repository.commit([put(patient('a')), put(patient('b'))])
    const written = await repository.commit([
      { kind: 'delete', type: 'Patient', id: 'a' },
      expect('_id=b', ['b']),
      put(patient('b', { gender: 'male' }), { ifMatch: '1' }),
      put(patient('b', { gender: 'male' })),
    ])
    assert.deepEqual(
      written.map(({ stored, created, unchanged }) => [
        stored.id,
        stored.version,
        stored.deleted,
        created,
        unchanged,
      ]),
      [
        ['a', '2', true, false, false],
        ['b', '2', false, false, false],
        ['b', '2', false, false, true],
      ],
    )
  })

  const conflicts: [string, Change][] = [
    ['another version', put(patient('a'), { ifMatch: '7' })],
    ['a resource that is there', put(patient('a', { gender: 'male' }), { ifAbsent: true })],
    ['a version of what is not there', put(patient('z'), { ifMatch: '1' })],
    ['the deletion of what is not there', { kind: 'delete', type: 'Patient', id: 'z' }],
    ['the deletion of another version', { kind: 'delete', type: 'Patient', id: 'a', ifMatch: '7' }],
    ['a search that finds more', expect('_id=a', [])],
    ['a search that finds less', expect('_id=z', ['z'])],
    ['a search that finds another', expect('_id=a', ['b'])],
  ]
  for (const [name, change] of conflicts)
    contract(`a commit that meets ${name} keeps nothing`, async ({ repository }) => {
      await repository.commit([put(patient('a'))])
      await assert.rejects(repository.commit([put(patient('new')), change]), isVersionConflict)
      assert.equal(await repository.read('Patient', 'new'), undefined)
      assert.equal((await repository.read('Patient', 'a'))?.version, '1')
    })

  contract('what is expected is looked at before anything is written', async ({ repository }) => {
    await repository.commit([put(patient('a')), expect('_id=a', [])])
    assert.equal((await repository.read('Patient', 'a'))?.version, '1')
  })

  contract('of two commits at once that expect nothing, one stores', async ({ repository }) => {
    const changes = (id: string) => [
      expect('identifier=urn:x|1', []),
      put(patient(id, { identifier: [{ system: 'urn:x', value: '1' }] })),
    ]
    const results = await Promise.allSettled(['a', 'b', 'c'].map((id) => repository.commit(changes(id))))
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
    assert.deepEqual(await repository.counts(), { Patient: 1 })
  })
}

/** Versions of many resources. */
export function histories(contract: Contract): void {
  async function write({ repository, time }: Parameters<Parameters<Contract>[1]>[0]) {
    const step = async (...changes: Change[]) => {
      time.now += 1000
      await repository.commit(changes)
    }
    await step(put(patient('a')), put(patient('b')))
    await step(put(patient('a', { gender: 'male' })))
    await step({ kind: 'delete', type: 'Patient', id: 'a' })
    await step(put({ resourceType: 'Observation', id: 'o', subject: { reference: 'Patient/b' } }))
  }

  contract('versions of all resources, of a type, of one, newest first', async (made) => {
    await write(made)
    assert.deepEqual(await versionsOf(made.repository), ['o/1', 'a/3', 'a/2', 'b/1', 'a/1'])
    assert.deepEqual(await versionsOf(made.repository, { type: 'Patient' }), ['a/3', 'a/2', 'b/1', 'a/1'])
    assert.deepEqual(await versionsOf(made.repository, { type: 'Patient', id: 'b' }), ['b/1'])
    const { versions } = await made.repository.historyPage({ count: 2, reach: all })
    assert.deepEqual(
      versions.map(({ stored }) => [stored.deleted, stored.json === '']),
      [
        [false, false],
        [true, true],
      ],
    )
  })

  contract('a history has pages, each version on one of them', async (made) => {
    await write(made)
    const seen: string[] = []
    let before = {}
    for (let more = true; more; ) {
      const page = await made.repository.historyPage({ count: 2, reach: all, ...before })
      seen.push(...page.versions.map(({ stored }) => `${stored.id}/${stored.version}`))
      before = { before: page.versions.at(-1)?.position }
      more = page.more
    }
    assert.deepEqual(seen, ['o/1', 'a/3', 'a/2', 'b/1', 'a/1'])
  })

  contract('a history of a time', async (made) => {
    const start = made.time.now
    await write(made)
    const { repository } = made
    assert.deepEqual(await versionsOf(repository, { since: start + 3000 }), ['o/1', 'a/3'])
    const at = (low: number, high: number) => ({ at: { low: start + low, high: start + high } })
    assert.deepEqual(await versionsOf(repository, at(1500, 1600)), ['b/1', 'a/1'])
    assert.deepEqual(await versionsOf(repository, at(1500, 2100)), ['a/2', 'b/1', 'a/1'])
    assert.deepEqual(await versionsOf(repository, at(9000, 9001)), ['o/1', 'a/3', 'b/1'])
  })

  contract('a history is narrowed by what is current; deletions are left to be judged', async (made) => {
    await write(made)
    const inCompartment = (id: string) =>
      planReach({ within: [slice('*', [`Patient/${id}`])], without: [] }, '*')
    const of = (id: string) => versionsOf(made.repository, { reach: inCompartment(id) })
    assert.deepEqual(await of('b'), ['o/1', 'a/3', 'a/2', 'b/1', 'a/1'])
    assert.deepEqual(await of('z'), ['a/3', 'a/2', 'a/1'])
  })
}
