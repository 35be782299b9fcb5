/** A search that PostgreSQL gives up by its own clock: told as too costly, and what has an end of its own goes on. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openPostgres } from '../../../src/store/postgres/sql.ts'
import { OverTime, type Sql } from '../../../src/store/sql.ts'
import { newDatabase } from '../../fixtures/lent-databases.ts'
import { resourcesAtStart } from './records.ts'
import { callerWith, createWorld, type World } from './world.ts'

const clinician = callerWith('user/*.rs', { patient: null })

let node: Sql
let other: Sql
let world: World

before(async () => {
  const address = await newDatabase()
  // An address may say how long a statement may take.
  node = openPostgres(`${address}?statement_timeout=1000`)
  other = openPostgres(address)
  world = await createWorld(resourcesAtStart, undefined, { sql: node })
})

after(async () => {
  await node.close()
  await other.close()
})

test('a search that takes longer than a statement may is refused with 422, a read is not', () =>
  other.write(async (tx) => {
    // It has to wait for this transaction, which waits for it.
    await tx.script('LOCK TABLE tokens IN ACCESS EXCLUSIVE MODE')
    const [search, read] = await Promise.all([
      world.ask(clinician, 'Observation?code=718-7&category=laboratory'),
      world.ask(clinician, 'Observation/a-lab'),
    ])
    assert.equal(search.status, 422, search.body)
    assert.equal(JSON.parse(search.body).issue[0].code, 'too-costly')
    assert.equal(read.status, 200)
    assert.deepEqual(world.faults, [])
  }))

test('any other statement that takes longer fails as one that was over its time', () =>
  other.write(async (tx) => {
    await tx.script('LOCK TABLE replays IN ACCESS EXCLUSIVE MODE')
    await assert.rejects(node.get('SELECT hash FROM replays'), OverTime)
  }))
