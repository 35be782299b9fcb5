import assert from 'node:assert/strict'
import { testOnEach } from '../../../test/fixtures/databases.ts'
import { indexing } from '../../resource/search/indexing.ts'
import type { SearchPlan } from '../../resource/search/plan.ts'
import { planSearch } from '../../resource/search/plan-search.ts'
import { createRecords } from './records.ts'
import { reindex } from './reindex.ts'

const everything = { within: [{ type: '*', compartments: [], filter: [] }], without: [] }

function planOf(name: string, value: string): SearchPlan {
  const request = {
    type: 'Patient',
    parameters: [[name, value] as const],
    reach: everything,
    base: '',
    strict: true,
  }
  return planSearch(request).plan
}

testOnEach('what is listed is indexed by the rules of now, what is deleted is not', async (sql) => {
  const deps = { now: () => 0, newId: () => 'made' }
  const old = createRecords(sql, { indexing: { ...indexing, extract: () => [] }, ...deps })
  const patients = Array.from({ length: 250 }, (_, at) => ({
    resourceType: 'Patient',
    id: `p${at}`,
    name: [{ family: `Family${at}` }],
  }))
  await old.putAll(patients)
  await old.delete('Patient', 'p3')
  const records = createRecords(sql, { indexing, ...deps })
  assert.equal((await records.search(planOf('family', 'family'))).total, 0)
  await sql.write((tx) => tx.run('INSERT INTO unindexed SELECT row FROM resources'))
  assert.equal(await reindex(sql, indexing), 250)
  assert.equal((await records.search(planOf('family', 'family'))).total, 249)
  assert.equal((await records.search(planOf('_id', 'p3'))).total, 0)
  assert.equal(await reindex(sql, indexing), 0)
})
