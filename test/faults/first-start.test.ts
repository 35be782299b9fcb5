/** The sandbox is killed while it furnishes itself; the next start finds nothing half-furnished and goes on. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { run, serve } from '../fixtures/process.ts'
import { exchangeForm, registerApp, requestToken, Visitor } from '../fixtures/visitor.ts'
import { createChance } from './chance.ts'
import { integrity, makeFolder, queryDatabase } from './folder.ts'

const ROUNDS = 5
const ACCOUNTS = ['dr.lin', 'nurse.okafor', 'patient.amara', 'parent.diego', 'admin']

test('a kill during the first start leaves a store that the next start makes whole', async (t) => {
  const chance = createChance()
  t.diagnostic(`seed ${chance.seed}`)
  const folder = makeFolder(t)
  const undisturbed = await serve(join(folder, 'whole'), '--sandbox', '--log-level', 'error')
  await undisturbed.stop()
  const expected = counts(join(folder, 'whole'))

  const data = join(folder, 'data')
  const args = ['serve', '--sandbox', '--data', data, '--port', '0', '--log-level', 'error']
  for (let round = 0; round < ROUNDS; round++) await run(args, chance.below(undisturbed.startedInMs))
  const server = await serve(data, '--sandbox', '--log-level', 'error')
  t.after(() => server.kill())
  assert.deepEqual(integrity(data), ['ok'])
  assert.deepEqual(counts(data), expected)
  assert.deepEqual(accounts(data), ACCOUNTS.toSorted())

  const app = await registerApp(server.base, 'openid launch/patient patient/Patient.r')
  const amara = new Visitor(server.base, { username: 'patient.amara', password: 'sandbox' })
  const { patient } = await requestToken(server.base, exchangeForm(app, await amara.authorize(app)))
  assert.equal(patient, 'amara')
})

function counts(data: string) {
  return queryDatabase(data, 'SELECT type, count(*) AS count FROM resources GROUP BY type ORDER BY type')
}

function accounts(data: string): string[] {
  const rows = queryDatabase<{ username: string }>(data, 'SELECT username FROM accounts ORDER BY username')
  return rows.map(({ username }) => username)
}
