/** Requests that are made to fill memory: what is kept, and what is read at once, has an end in characters and not only in number. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Resource } from '../../../src/smart/resource.ts'
import type { Sql } from '../../../src/store/sql.ts'
import { openEmpty } from '../../fixtures/databases.ts'
import { observation } from './records.ts'
import { type Ask, callerWith, createWorld, found } from './world.ts'

const app = callerWith('patient/*.cruds')
const MEBI = 1024 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function held(): number {
  collect()
  return process.memoryUsage().heapUsed
}

function document(id: string): Resource {
  return {
    resourceType: 'DocumentReference',
    id,
    status: 'current',
    subject: { reference: 'Patient/a' },
    content: [{ attachment: { contentType: 'text/plain', data: 'QUJD'.repeat(MEBI / 4) } }],
  }
}

/** The database, and how many characters of resources were read from it. */
function watched(sql: Sql) {
  let characters = 0
  const count = <Row>(row: Row): Row => {
    characters += (row as { json?: string | null } | undefined)?.json?.length ?? 0
    return row
  }
  const watching: Sql = {
    ...sql,
    get: async <Row>(...asked: Parameters<Sql['get']>) => count(await sql.get<Row>(...asked)),
    all: async <Row>(...asked: Parameters<Sql['all']>) => (await sql.all<Row>(...asked)).map(count),
  }
  return { sql: watching, read: () => characters }
}

test('a page of long resources is read until it is full, and no further', async () => {
  const { sql, read } = watched(await openEmpty())
  const world = await createWorld(undefined, undefined, { sql })
  for (let at = 0; at < 40; at++) await world.repository.create(document(`long-${at}`))
  const before = read()
  const reply = await world.ask(app, 'DocumentReference?_count=40&_sort=_id')
  assert.equal(reply.status, 200)
  assert.ok(found(reply).entries.length > 10)
  assert.ok(read() - before < 20 * MEBI, `${read() - before}`)
})

test('systems of codes that are as long as a body are not kept', async () => {
  const world = await createWorld()
  const post = (at: number): Ask => ({
    method: 'POST',
    body: {
      ...observation('x', 'a', 'laboratory'),
      id: undefined,
      code: { coding: [{ system: `urn:${at}:${'x'.repeat(MEBI / 2)}`, code: 'x' }] },
    },
  })
  assert.equal((await world.ask(app, 'Observation', post(0))).status, 201)
  const before = held()
  for (let at = 1; at <= 40; at++) assert.equal((await world.ask(app, 'Observation', post(at))).status, 201)
  const kept = held() - before
  assert.ok(kept < 10 * MEBI, `${kept}`)
})

for (const [what, body, problem] of [
  ['deep', '['.repeat(MEBI), /nested more than 64 deep/],
  ['large', `[${'{},'.repeat(2 * MEBI)}{}]`, /more than 2000000 elements/],
] as const)
  test(`a Bundle that is too ${what} is refused before anything is made of it, with a token for nothing, too`, async () => {
    const world = await createWorld()
    const reply = await world.ask(callerWith('openid'), '', { method: 'POST', body })
    assert.equal(reply.status, 400)
    assert.match(reply.body, problem)
  })

test('content that is no base64 is refused as that, however long it is', async () => {
  const body = {
    resourceType: 'Binary',
    contentType: 'text/plain',
    data: `${'A'.repeat(14 * MEBI)}!`,
    securityContext: { reference: 'Patient/a' },
  }
  const world = await createWorld()
  const reply = await world.ask(app, 'Binary', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/fhir+json' },
  })
  assert.equal(reply.status, 422)
  assert.deepEqual(world.faults, [])
})
