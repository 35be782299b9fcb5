import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newDatabase } from '../../../test/fixtures/lent-databases.ts'
import { openPostgres } from './sql.ts'

for (const [set, kept] of [
  ['off', 'on'],
  ['on', 'on'],
  ['remote_apply', 'remote_apply'],
] as const)
  test(`a database that commits ${set} by itself commits ${kept} for us`, async () => {
    const address = await newDatabase('bare')
    const before = openPostgres(address)
    const name = new URL(address).pathname.slice(1)
    await before.write((tx) => tx.script(`ALTER DATABASE ${name} SET synchronous_commit = ${set}`))
    await before.close()
    const sql = openPostgres(address)
    const asked = "SELECT current_setting('synchronous_commit') AS kept"
    try {
      assert.deepEqual(await sql.get(asked), { kept })
      assert.deepEqual(await sql.all(asked), [{ kept }])
      assert.deepEqual(await sql.write((tx) => tx.get(asked)), { kept })
    } finally {
      await sql.close()
    }
  })

test('a database that takes no changes is not ready, and is again when it does', async () => {
  const address = await newDatabase('bare')
  const name = new URL(address).pathname.slice(1)
  const readyAfter = async (change: string) => {
    const before = openPostgres(address)
    await before.write((tx) => tx.script(`SET TRANSACTION READ WRITE; ALTER DATABASE ${name} ${change}`))
    await before.close()
    const sql = openPostgres(address)
    return sql.isReady().finally(() => sql.close())
  }
  assert.equal(await readyAfter('SET default_transaction_read_only = on'), false)
  assert.equal(await readyAfter('RESET default_transaction_read_only'), true)
})
