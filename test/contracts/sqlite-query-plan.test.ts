/** How SQLite answers: through indexes, beginning with the patient, whatever else is in the store. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexing } from '../../src/resource/search/indexing.ts'
import { planSearch } from '../../src/resource/search/plan-search.ts'
import { planReach } from '../../src/resource/search/reach.ts'
import type { Reach } from '../../src/smart/slice.ts'
import { chooseDriver } from '../../src/store/records/driver.ts'
import { keysQuery } from '../../src/store/records/history-page.ts'
import { countQuery, pageQuery } from '../../src/store/records/query.ts'
import { createRecords } from '../../src/store/records/records.ts'
import type { Sql } from '../../src/store/sql.ts'
import { openEmpty } from '../fixtures/databases.ts'
import { everything, observation, slice, ward } from './repository-fixtures.ts'

async function openWard(): Promise<Sql> {
  const db = await openEmpty('SQLite')
  const records = createRecords(db, { indexing, now: () => 0, newId: () => 'made' })
  await records.putAll(ward)
  return db
}

function statements({ dialect }: Sql, type: string, query: string, reach: Reach) {
  const parameters = [...new URLSearchParams(query)]
  const { plan } = planSearch({ type, parameters, reach, base: '', strict: true, reachFor: () => reach })
  return [pageQuery(plan, dialect), countQuery(plan, dialect)]
}

async function explain(db: Sql, type: string, query: string, reach: Reach): Promise<string[]> {
  const steps = statements(db, type, query, reach).map(({ text, values }) =>
    db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...values),
  )
  return (await Promise.all(steps)).flat().map(({ detail }) => detail)
}

const mei: Reach = { within: [slice('*', ['Patient/mei'])], without: [slice('*', [], '_security=R')] }
const laboratory: Reach = {
  within: [slice('Observation', ['Patient/mei'], 'category=laboratory')],
  without: [],
}
const caseload: Reach = { within: ['mei', 'tom'].map((id) => slice('*', [`Patient/${id}`])), without: [] }

const cases: readonly [query: string, reach: Reach, first: RegExp][] = [
  [
    'patient=mei&category=laboratory',
    everything,
    /^SEARCH v USING (COVERING )?INDEX links_by_value \(parameter=\? AND id=\? AND type=\?\)/,
  ],
  [
    'patient=mei&category=laboratory',
    mei,
    /^SEARCH v USING (COVERING )?INDEX links_by_value \(parameter=\? AND id=\? AND type=\?\)/,
  ],
  ['category=laboratory', mei, /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/],
  ['category=laboratory&_sort=-date', mei, /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/],
  ['category=laboratory&_sort=code,-subject', mei, /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/],
  ['', laboratory, /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/],
  ['category=laboratory', caseload, /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/],
  [
    'category=http://x|laboratory',
    everything,
    /^SEARCH v USING (COVERING )?INDEX tokens_by_value \(parameter=\? AND code=\? AND system=\?\)/,
  ],
]

test('a search begins with the index that leaves the fewest candidates, and scans no table', async () => {
  const db = await openWard()
  for (const [query, reach, first] of cases) {
    const steps = await explain(db, 'Observation', query, reach)
    const title = `${query} in ${JSON.stringify(reach)}\n${steps.join('\n')}`
    assert.match(steps.find((step) => /^(SEARCH|SCAN) [vcr] /.test(step)) ?? '', first, title)
    for (const step of steps) assert.doesNotMatch(step, /^SCAN (r|v|c|resources)\b/, title)
    // A candidate is asked for its own few values, never the values of all resources.
    const probes = steps.filter((step) => /^SEARCH [vc] /.test(step) && !first.test(step))
    for (const probe of probes) assert.match(probe, /\(row=\?/, title)
  }
  await db.close()
})

const byValue = (table: string, columns: string) =>
  new RegExp(`^SEARCH v USING COVERING INDEX ${table} \\(${columns}`)

const linked: readonly [type: string, query: string, reach: Reach, first: RegExp][] = [
  [
    'Observation',
    'subject:Patient.name=mei',
    everything,
    byValue('strings_by_value', 'parameter=. AND folded>'),
  ],
  [
    'Observation',
    'category=laboratory&subject:Patient.name=mei',
    everything,
    byValue('strings_by_value', ''),
  ],
  [
    'Observation',
    'subject:Patient.identifier=urn:mrn|1',
    everything,
    byValue('tokens_by_value', 'parameter=. AND code='),
  ],
  ['Observation', 'patient.link:Patient._id=mei', everything, /^SEARCH r USING INDEX resources_by_id/],
  [
    'Patient',
    '_has:Observation:patient:code=2339-0',
    everything,
    byValue('tokens_by_value', 'parameter=. AND code='),
  ],
  [
    'Patient',
    '_has:Observation:patient:code=2339-0',
    mei,
    /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/,
  ],
  ['Observation', 'subject:Patient.name=mei', mei, /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/],
  ['Observation', 'code:text=glucose', laboratory, /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/],
  [
    'Observation',
    'combo-code-value-quantity=8302-2$gt1',
    everything,
    byValue('tokens_by_value', 'parameter=. AND code='),
  ],
  [
    'Observation',
    'component-code-value-quantity=8302-2$gt1',
    everything,
    byValue('parts_by_code', 'parameter=. AND code='),
  ],
  [
    'Observation',
    'code-value-quantity=8302-2$gt1',
    mei,
    /^SEARCH c USING PRIMARY KEY \(patient=\? AND type=\?\)/,
  ],
  [
    'Patient',
    'identifier:of-type=urn:types|MR|1001',
    everything,
    byValue('parts_by_code', 'parameter=. AND code='),
  ],
  ['Patient', '_id=mei,tom', everything, /^SEARCH r USING INDEX resources_by_id \(type=. AND id=/],
  [
    '*',
    '_type=Observation,Encounter&patient=mei',
    everything,
    byValue('links_by_value', 'parameter=. AND id=. AND type='),
  ],
  ['*', '_type=Observation,Encounter', mei, /^SEARCH c USING PRIMARY KEY \(patient=\?/],
]

test('chains, composites and searches across types begin with an index too, and scan no table', async () => {
  const db = await openWard()
  for (const [type, query, reach, first] of linked) {
    const steps = await explain(db, type, query, reach)
    const title = `${type}?${query} in ${JSON.stringify(reach)}\n${steps.join('\n')}`
    assert.match(steps.find((step) => /^(SEARCH|SCAN) (v|c|r|t\d?|l\d?) /.test(step)) ?? '', first, title)
    for (const step of steps)
      assert.doesNotMatch(step, /^SCAN (r|v|c|e|t\d?|l\d?|resources|links|parts)\b|resources_by_type/, title)
  }
  await db.close()
})

test('a chain to where nothing is in reach looks at nothing', async () => {
  const db = await openWard()
  const steps = await explain(db, 'Observation', 'patient.name=mei', laboratory)
  for (const step of steps) assert.doesNotMatch(step, /^SCAN (r|v|c|e|t\d?|l\d?|resources|links|parts)\b/)
  await db.close()
})

test('the candidates for one patient do not grow with the number of other patients', async () => {
  const db = await openWard()
  const records = createRecords(db, { indexing, now: () => 0, newId: () => 'made' })
  const candidates = async () => {
    const { plan } = planSearch({
      type: 'Observation',
      parameters: [['category', 'laboratory']],
      reach: mei,
      base: '',
      strict: true,
    })
    const { rows } = chooseDriver(plan, db.dialect, () => ({ text: '', values: [] }))
    assert.ok(rows)
    return db.get<{ count: number }>(`SELECT count(*) AS count FROM (${rows.text}) f`, ...rows.values)
  }
  const alone = await candidates()
  const seen = { category: 'laboratory', code: '2339-0', at: '2024' }
  await records.putAll(
    Array.from({ length: 1000 }, (_, at) => observation(`o${at}`, { ...seen, patient: `other${at % 50}` })),
  )
  assert.equal(alone?.count, 5)
  assert.deepEqual(await candidates(), alone)
  await db.close()
})

test('the history of a patient’s record begins with the patient, and scans no table', async () => {
  const db = await openWard()
  const shared = { within: [...mei.within, slice('Practitioner', [])], without: mei.without }
  for (const type of ['Observation', undefined]) {
    const query = { ...(type && { type }), count: 10, reach: planReach(shared, type ?? '*') }
    const { text, values } = keysQuery(query, db.dialect)
    const steps = await db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...values)
    for (const { detail } of steps)
      assert.doesNotMatch(detail, /^SCAN (r|v|c|t|resources|versions)\b|_by_change/, detail)
  }
})
