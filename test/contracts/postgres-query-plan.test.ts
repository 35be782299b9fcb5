/** How PostgreSQL answers: what a search for one patient goes through is the patient's, also while no statistics are there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HistoryQuery } from '../../src/resource/repository.ts'
import { indexing } from '../../src/resource/search/indexing.ts'
import { planSearch } from '../../src/resource/search/plan-search.ts'
import { planReach } from '../../src/resource/search/reach.ts'
import type { Reach } from '../../src/smart/slice.ts'
import { keysQuery } from '../../src/store/records/history-page.ts'
import { countQuery, pageQuery } from '../../src/store/records/query.ts'
import { createRecords } from '../../src/store/records/records.ts'
import type { Dialect, Fragment, Sql } from '../../src/store/sql.ts'
import { openEmpty } from '../fixtures/databases.ts'
import { everything, observation, slice, ward } from './repository-fixtures.ts'

const mei: Reach = { within: [slice('*', ['Patient/mei'])], without: [slice('*', [], '_security=R')] }
const laboratory: Reach = {
  within: [slice('Observation', ['Patient/mei'], 'category=laboratory')],
  without: [],
}

const searches: readonly (readonly [type: string, query: string, reach: Reach])[] = [
  ['Observation', 'patient=mei&category=laboratory', everything],
  ['Observation', 'patient=mei&category=laboratory&code=2339-0&_sort=-date', everything],
  ['Observation', 'patient=mei&category:not=laboratory&date=ge2024', everything],
  ['Observation', 'category=laboratory', mei],
  ['Observation', 'date=ge2024&status:not=cancelled', laboratory],
  ['Observation', 'patient.name=mei&category=laboratory', mei],
  ['Patient', '_id=mei&_has:Observation:patient:category=laboratory', mei],
  ['Observation', 'patient.identifier=1001&category=laboratory', everything],
  ['Observation', '_lastUpdated=lt2030&patient=mei', everything],
  ['*', '_type=Observation,Encounter&patient=mei', everything],
]

const histories: readonly Omit<HistoryQuery, 'count'>[] = [
  { type: 'Observation', reach: planReach(mei, 'Observation') },
  { reach: planReach(mei, '*') },
  { type: 'Patient', id: 'mei', reach: planReach(everything, 'Patient') },
]

interface Explained {
  readonly Plan: { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number }
}

function statements(dialect: Dialect, type: string, query: string, reach: Reach): Fragment[] {
  const parameters = [...new URLSearchParams(query)]
  const { plan } = planSearch({ type, parameters, reach, base: '', strict: true, reachFor: () => reach })
  return [pageQuery(plan, dialect), countQuery(plan, dialect)]
}

/** The pages that statements go through. */
async function pages(db: Sql, texts: readonly Fragment[]): Promise<number> {
  let all = 0
  for (const { text, values } of texts) {
    const explain = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`
    const row = await db.get<{ 'QUERY PLAN': readonly [Explained] }>(explain, ...values)
    const [{ Plan }] = row?.['QUERY PLAN'] ?? assert.fail('nothing was explained')
    all += Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks']
  }
  return all
}

test('what a search in one record or its history goes through does not grow with other patients, without any statistics', async () => {
  const db = await openEmpty('PostgreSQL')
  const records = createRecords(db, { indexing, now: () => 0, newId: () => 'made' })
  const all = async () => {
    const counts: number[] = []
    for (const search of searches) counts.push(await pages(db, statements(db.dialect, ...search)))
    for (const query of histories)
      counts.push(await pages(db, [keysQuery({ ...query, count: 10 }, db.dialect)]))
    return counts
  }
  await records.putAll(ward)
  const alone = await all()
  const seen = { category: 'laboratory', code: '2339-0', at: '2024' }
  await records.putAll(
    Array.from({ length: 3000 }, (_, at) => observation(`o${at}`, { ...seen, patient: `other${at % 50}` })),
  )
  const among = await all()
  for (const [at, asked] of [...searches, ...histories].entries()) {
    // An index is a page deeper, and each candidate is asked about through it.
    const limit = 3 * (alone[at] ?? 0) + 50
    const title = `${JSON.stringify(asked)}: ${alone[at]} pages became ${among[at]}`
    assert.ok((among[at] ?? 0) <= limit, title)
  }
})
