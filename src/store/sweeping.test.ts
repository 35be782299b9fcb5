import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import { trailRules } from '../audit/chain.ts'
import { createRecording } from './audit.ts'
import { createFlowStore } from './flows.ts'
import { createGrantStore } from './grants.ts'
import { createLaunchStore } from './launches.ts'
import { createPushedRequestStore } from './pushed-requests.ts'
import { createReplayStore } from './replays.ts'
import type { Sql } from './sql.ts'
import { createVisitStore } from './visits.ts'

const DAY = 24 * 60 * 60 * 1000
const now = 1000 * DAY
const many = Array.from({ length: 2500 }, (_, at) => at)
const countOf = async (sql: Sql, table: string) =>
  (await sql.get<{ number: number }>(`SELECT count(*) AS number FROM ${table}`))?.number ?? 0

/** The database, and how many rows of `table` others found after each of its transactions. */
function watched(sql: Sql, table: string): { sql: Sql; seen: number[] } {
  const seen: number[] = []
  const write: Sql['write'] = async (...work) => {
    const result = await sql.write(...work)
    seen.push(await countOf(sql, table))
    return result
  }
  return { sql: { ...sql, write }, seen }
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
  const watch = watched(sql, 'grants')
  await grantsOf(watch.sql).sweep(now)
  assert.equal(await countOf(sql, 'grants'), 2)
  assert.ok(watch.seen.some((number) => number > 2 && number < before))
  assert.equal(await countOf(sql, 'refresh_tokens'), 0)
})

const short: Readonly<
  Record<string, readonly [columns: readonly string[], sweep: (sql: Sql) => Promise<void>]>
> = {
  replays: [['hash'], (sql) => createReplayStore(sql).sweep(now)],
  flows: [['hash', 'state', 'data'], (sql) => createFlowStore(sql, decisionsOver(sql)).sweep(now)],
  launches: [
    ['handle_hash', 'client_id', 'user_id', 'session_id', 'context'],
    (sql) => createLaunchStore(sql).sweep(now),
  ],
  pushed_requests: [['hash', 'data'], (sql) => createPushedRequestStore(sql).sweep(now)],
  visits: [['hash', 'browser', 'data'], (sql) => createVisitStore(sql).sweep(now)],
  newcomers: [['hash', 'data'], (sql) => createVisitStore(sql).sweep(now)],
  access_tokens: [['hash', 'data'], (sql) => grantsOf(sql).sweep(now)],
  revoked_tokens: [['token_id'], (sql) => grantsOf(sql).sweep(now)],
}
for (const [table, [columns, sweep]] of Object.entries(short)) {
  testOnEach(`so does much that has expired, whoever asked for it: ${table}`, async (sql) => {
    const row = (at: number, expiresAt: number) => [...columns.map((name) => `${name} ${at}`), expiresAt]
    const rows = [...many.map((at) => row(at, 0)), row(-1, 2 * now)]
    await sql.write((tx) => tx.addAll(table, [...columns, 'expires_at'], rows))
    const watch = watched(sql, table)
    await sweep(watch.sql)
    assert.equal(await countOf(sql, table), 1)
    assert.ok(watch.seen.some((number) => number > 1 && number < rows.length))
  })
}

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
