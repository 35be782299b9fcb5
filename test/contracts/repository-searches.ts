/** Searching by every type of parameter. */
import assert from 'node:assert/strict'
import {
  chains,
  composites,
  dates,
  numbers,
  type Question,
  references,
  strings,
  tokens,
} from './repository-questions.ts'
import { type Contract, find, idsOf } from './repository-setting.ts'

/** Queries find what they ask for, no more and no less, and the total says how many. */
export function searches(onWard: Contract): void {
  const ask = (title: string, questions: readonly Question[]) =>
    onWard(title, async ({ repository }) => {
      for (const [query, ids] of questions) {
        const page = await find(repository, query)
        assert.equal(idsOf(page).sort().join(' '), ids, query)
        assert.equal(page.total, ids === '' ? 0 : ids.split(' ').length, `total of ${query}`)
      }
    })
  ask('tokens', tokens)
  ask('strings and uris', strings)
  ask('dates', dates)
  ask('numbers and quantities', numbers)
  ask('references', references)
  ask('composites', composites)
  ask('chains', chains)

  onWard('_lastUpdated', async ({ repository, time }) => {
    time.now += 60_000
    await repository.update({ resourceType: 'Patient', id: 'mei', active: true })
    assert.deepEqual(idsOf(await find(repository, 'Patient?_lastUpdated=gt2024-07-01T00:00:30Z')), ['mei'])
    assert.deepEqual(idsOf(await find(repository, 'Patient?_lastUpdated=2024-07-01T00:00:00.000Z')), [
      'tom',
      'no-name',
    ])
    assert.deepEqual(idsOf(await find(repository, 'Patient?_sort=-_lastUpdated&_count=1')), ['mei'])
  })

  onWard('readMany gives each that exists once, in the order asked', async ({ repository }) => {
    const asked = ['tom', 'nobody', 'mei', 'tom'].map((id) => ({ type: 'Patient', id }))
    assert.deepEqual(
      (await repository.readMany(asked)).map(({ id }) => id),
      ['tom', 'mei'],
    )
  })

  onWard('long lists of alternatives', async ({ repository }) => {
    const many = (make: (at: number) => string, length = 1500) =>
      Array.from({ length }, (_, at) => make(at)).join(',')
    const queries = [
      `Observation?patient=mei,${many((at) => `Patient/p${at}`)}`,
      `Observation?patient=mei&code=8302-2,2339-0,5221-7,${many((at) => `urn:s|${at}`)}`,
      `Observation?patient=mei&date=2023,2024,${many((at) => String(3000 + at), 90)}`,
    ]
    for (const query of queries) {
      assert.deepEqual(idsOf(await find(repository, query)).sort(), [
        'glucose',
        'height-1',
        'height-2',
        'secret',
      ])
    }
    assert.deepEqual(idsOf(await find(repository, `Patient?_id=mei,${many((at) => `p${at}`)}`)), ['mei'])
  })
}
