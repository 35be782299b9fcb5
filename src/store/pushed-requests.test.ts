import assert from 'node:assert/strict'
import { testOnEach } from '../../test/fixtures/databases.ts'
import { decisionsOver } from '../../test/fixtures/decisions.ts'
import type { Flow } from '../authorization/authorize/flow.ts'
import { createFlowStore } from './flows.ts'
import { createPushedRequestStore } from './pushed-requests.ts'

const pushed = { hash: 'h', clientId: 'app', parameters: 'scope=openid', signed: false, expiresAt: 1000 }
const flowOf = (hash: string) => ({ hash, state: 'signing-in', expiresAt: 9000 }) as Partial<Flow> as Flow

testOnEach('RFC 9126 §7.3: of ten flows that begin with one pushed request, one begins', async (sql) => {
  const requests = createPushedRequestStore(sql)
  const flows = createFlowStore(sql, decisionsOver(sql))
  await requests.add(pushed)
  assert.deepEqual(await requests.find('h'), pushed)
  const begun = await Promise.all(Array.from({ length: 10 }, (_, at) => flows.add(flowOf(`f${at}`), 'h')))
  assert.equal(begun.filter(Boolean).length, 1)
  assert.equal((await sql.all('SELECT * FROM flows')).length, 1)
  assert.equal(await requests.find('h'), undefined)
})

testOnEach('a pushed request that expired is forgotten, and no other', async (sql) => {
  const requests = createPushedRequestStore(sql)
  await requests.add(pushed)
  await requests.sweep(999)
  assert.ok(await requests.find('h'))
  await requests.sweep(1000)
  assert.equal(await requests.find('h'), undefined)
})
