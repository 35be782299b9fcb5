/** Order, pages and totals. */
import assert from 'node:assert/strict'
import type { Repository } from '../../src/resource/repository.ts'
import type { Reach } from '../../src/smart/slice.ts'
import { everything, observation, slice } from './repository-fixtures.ts'
import { type Contract, find, idsOf } from './repository-setting.ts'

async function walk(repository: Repository, query: string, between?: (page: number) => Promise<unknown>) {
  const ids: string[] = []
  let page = await find(repository, query)
  for (let number = 1; ; number++) {
    ids.push(...idsOf(page))
    if (!page.next) return ids
    await between?.(number)
    page = await find(repository, query, everything, page.next)
  }
}

/** Pages are one result cut in pieces. */
export function pages(onWard: Contract): void {
  onWard('sorting, with resources that lack the value at the end', async ({ repository }) => {
    const sorted = async (sort: string) =>
      idsOf(await find(repository, `Observation?_sort=${sort}`)).join(' ')
    assert.equal(await sorted('date'), 'by-mei height-1 toms bare glucose height-2 secret')
    assert.equal(await sorted('-date'), 'secret height-2 glucose bare toms height-1 by-mei')
    assert.equal(await sorted('-value-quantity'), 'height-2 height-1 glucose toms secret by-mei bare')
    assert.equal(await sorted('value-quantity'), 'toms glucose height-1 height-2 secret by-mei bare')
    assert.equal(await sorted('status,-date'), 'toms secret height-2 glucose height-1 by-mei bare')
    assert.equal(await sorted('-_id'), 'toms secret height-2 height-1 glucose by-mei bare')
  })

  onWard('pages join without gap or repetition, in any order', async ({ repository }) => {
    for (const sort of [
      '',
      '&_sort=date',
      '&_sort=-date',
      '&_sort=-value-quantity',
      '&_sort=value-quantity,_id',
      '&_sort=-_lastUpdated',
      '&_sort=category,-code',
    ]) {
      const whole = idsOf(await find(repository, `Observation?_count=100${sort}`))
      for (const count of [1, 2, 3, 6, 7]) {
        assert.deepEqual(
          await walk(repository, `Observation?_count=${count}${sort}`),
          whole,
          `${sort} by ${count}`,
        )
      }
    }
  })

  onWard('pages stay in step while others write', async ({ repository }) => {
    const seen = { patient: 'tom', category: 'survey', code: 'x', at: '2000' }
    const insert = (page: number) =>
      repository.create(observation(`early-${page}`, { ...seen, at: `19${10 + page}` }))
    const before = idsOf(await find(repository, 'Observation?_sort=date'))
    assert.deepEqual(await walk(repository, 'Observation?_sort=date&_count=2', insert), before)
    const removeSeen = (page: number) => repository.delete('Observation', `early-${page}`)
    const now = idsOf(await find(repository, 'Observation?_sort=date'))
    assert.deepEqual(await walk(repository, 'Observation?_sort=date&_count=2', removeSeen), now)
  })

  onWard('a total is given on the first page, and when it is asked for', async ({ repository }) => {
    const first = await find(repository, 'Observation?_count=2')
    assert.deepEqual([first.total, first.matches.length], [7, 2])
    const next = async (query: string) => (await find(repository, query, everything, first.next)).total
    assert.equal(await next('Observation?_count=2'), undefined)
    assert.equal(await next('Observation?_count=2&_total=accurate'), 7)
    assert.equal((await find(repository, 'Observation?_count=2&_total=none')).total, undefined)
    assert.deepEqual(await find(repository, 'Observation?_summary=count'), { matches: [], total: 7 })
  })

  onWard('a page of large resources ends early, and the next one goes on', async ({ repository }) => {
    const text = 'x'.repeat(7 * 1024 * 1024)
    const large = (id: string) =>
      observation(id, {
        patient: 'tom',
        category: 'survey',
        code: 'y',
        at: '2000',
        rest: { note: [{ text }] },
      })
    await repository.putAll(['large-1', 'large-2', 'large-3'].map(large))
    const first = await find(repository, 'Observation?code=y')
    assert.deepEqual([idsOf(first), first.total], [['large-1', 'large-2'], 3])
    assert.deepEqual(await walk(repository, 'Observation?code=y'), ['large-1', 'large-2', 'large-3'])
  })

  onWard('a page link gives nothing beyond a reach', async ({ repository }) => {
    const { next } = await find(repository, 'Observation?_count=1')
    const narrow: Reach = { within: [slice('*', ['Patient/tom'])], without: [] }
    const { matches } = await find(repository, 'Observation', narrow, next)
    assert.deepEqual(
      matches.map(({ id }) => id),
      ['toms', 'by-mei'],
    )
  })
}
