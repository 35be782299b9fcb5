/** How the databases read the audit trail: through the index of time or of patients, in its order, from the place on; no record is read that is not asked about. */
import assert from 'node:assert/strict'
import { trailRules } from '../../src/audit/chain.ts'
import { launchStarted } from '../../src/audit/event.ts'
import { lastPlace, mentioning, readQuery } from '../../src/store/audit/read.ts'
import { createAuditStore } from '../../src/store/audit.ts'
import type { Fragment, Sql } from '../../src/store/sql.ts'
import { testOnEach } from '../fixtures/databases.ts'

const size = 20_000

/** A trail of `size` records, of whose sizes the database knows. */
async function fill(sql: Sql): Promise<void> {
  const store = createAuditStore(sql, trailRules)
  for (let from = 0; from < size; from += 2000)
    await store.append(
      Array.from({ length: 2000 }, (_, at) => ({
        time: from + at,
        event: launchStarted({ user: `u-${at % 50}`, client: 'app' }, { patient: `p-${at % 500}` }),
      })),
    )
  if (sql.dialect.name === 'postgres')
    await sql.write((tx) => tx.script('ANALYZE audit; ANALYZE audit_patients'), { alone: true })
}

async function explain(sql: Sql, { text, values }: Fragment): Promise<string> {
  const rows = await sql.all<Record<string, unknown>>(
    `EXPLAIN ${sql.dialect.name === 'sqlite' ? 'QUERY PLAN ' : ''}${text}`,
    ...values,
  )
  return rows.map((row) => String(row.detail ?? row['QUERY PLAN'])).join('\n')
}

const anyOrder = [true, false]
const starts = [undefined, { time: 11_000, seq: 11_001 }]
const ranges = anyOrder.flatMap((newestFirst) =>
  starts.map((start) => ({ from: -8e15, to: 8e15, newestFirst, limit: 500, ...(start && { start }) })),
)

testOnEach(
  'the trail is scanned through its index, between two places, and not sorted as a whole',
  async (sql) => {
    await fill(sql)
    const { dialect } = sql
    const mentions = [['Observation-17', 'Observation-18'], ['"outcome":"refused"']]
    for (const range of ranges) {
      const query = { ...range, mentions, most: 5000 }
      const end = { time: range.newestFirst ? 6000 : 15_000, seq: range.newestFirst ? 6001 : 15_001 }
      for (const fragment of [lastPlace(query), mentioning(query, end, dialect)]) {
        const plan = await explain(sql, fragment)
        assert.match(plan, /audit_times/, plan)
        // PostgreSQL may sort the few that mention it, which are found between the two places.
        assert.doesNotMatch(plan, /Seq Scan|\bSCAN audit\b|TEMP B-TREE/, plan)
      }
      // Both ends are ends of the index's own range: a late page does not walk through all pages before it.
      const [first, last] = range.newestFirst ? [end, range.start] : [range.start, end]
      const { values } = mentioning(query, end, dialect)
      assert.deepEqual(values.slice(0, 2), [first?.time ?? range.from, last?.time ?? range.to])
    }
  },
)

testOnEach('records are read by place or by patient through an index alone', async (sql) => {
  await fill(sql)
  for (const range of ranges) {
    const all = await explain(sql, readQuery(range))
    assert.match(all, /audit_times/, all)
    const own = await explain(sql, readQuery({ ...range, patients: ['p-1', 'p-2'] }))
    assert.match(own, /audit_patients/, own)
    for (const plan of [all, own])
      assert.doesNotMatch(plan, /Seq Scan|\bSCAN (audit|audit_patients|a)\b/, plan)
    assert.equal(
      readQuery(range).values[range.newestFirst ? 1 : 0],
      range.start?.time ?? (range.newestFirst ? range.to : range.from),
    )
  }
})
