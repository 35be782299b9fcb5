import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { createRecording } from './audit.ts'
import { createGrantStore } from './grants.ts'
import type { Sql } from './sql.ts'

const DAY = 24 * 60 * 60 * 1000
const now = 1000 * DAY
const many = Array.from({ length: 2500 }, (_, at) => at)
const countOf = async (sql: Sql, table: string) =>
  (await sql.get<{ number: number }>(`SELECT count(*) AS number FROM ${table}`))?.number ?? 0

/** How many rows others find while the sweep goes on. */
async function seenDuring(sql: Sql, table: string, sweeping: Promise<void>): Promise<Set<number>> {
  const seen = new Set<number>()
  let over = false
  const done = sweeping.finally(() => (over = true))
  while (!over) {
    seen.add(await countOf(sql, table))
    await setImmediate()
  }
  await done
  return seen
}

function grantsOf(sql: Sql) {
  return createGrantStore(sql, createRecording(trailRules), decisionsOver(sql))
}

testOnEach('much that is over goes in pieces, and others come through in between', async (sql) => {
  const grants = many.map((at) => [`grant ${at}`, 'app', '', 0, '{}'])
  const refreshes = many.map((at) => [`refresh ${at}`, 'gone', 0])
  await sql.write(async (tx) => {
    const columns = ['id', 'client_id', 'user_id', 'created_at', 'data']
    await tx.addAll('grants', columns, [
      ...grants,
      ['still good', 'app', '', now - DAY + 1, '{}'],
      ['of a person', 'app', 'u', 0, '{}'],
    ])
    await tx.addAll('refresh_tokens', ['hash', 'grant_id', 'issued_at'], refreshes)
  })
  const before = await countOf(sql, 'grants')
  const seen = await seenDuring(sql, 'grants', grantsOf(sql).sweep(now))
  assert.equal(await countOf(sql, 'grants'), 2)
  assert.ok([...seen].some((number) => number > 2 && number < before))
  assert.equal(await countOf(sql, 'refresh_tokens'), 0)
})

testOnEach(
  'what is over of apps that act for themselves is found by its age, not looked for among all',
  async (sql) => {
    const { name } = sql.dialect
    const explain = name === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN'
    const some = "SELECT id FROM grants WHERE user_id = '' AND created_at <= 5 LIMIT 2000"
    // On the few pages of an empty table PostgreSQL would not use any index.
    const plan = await sql.write(async (tx) => {
      if (name === 'postgres') await tx.script('SET LOCAL enable_seqscan = off')
      return tx.all(`${explain} ${some}`)
    })
    assert.match(JSON.stringify(plan), /grants_of_apps/)
  },
)
