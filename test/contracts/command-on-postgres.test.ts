/** The commands on a PostgreSQL database, as other people run them; its password is told to nobody. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Client } from 'pg'
import { newDatabase } from '../fixtures/lent-databases.ts'
import { run, serve } from '../fixtures/process.ts'

// Where the database is elsewhere, what encrypts the signing keys does not lie beside it.
process.env.CHARTKEY_KEY_ENCRYPTION_KEY = randomBytes(32).toString('base64')

test('seed, import, app and serve work on PostgreSQL, two nodes beside each other', async (t) => {
  const data = await newDatabase('bare')
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-commands-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'patient.json')
  writeFileSync(file, JSON.stringify({ resourceType: 'Patient', id: 'imported', birthDate: '1980-02-03' }))

  const seeded = await run(['seed', '--patients', '1', '--data', data])
  assert.match(seeded.said, /1 patients: [1-9]\d* resources created/)
  const imported = await run(['import', file, '--data', data])
  assert.equal(imported.code, 0, imported.said)
  const apps = await run(['app', 'list', '--json', '--data', data])
  assert.deepEqual(JSON.parse(apps.said), [])

  const starting = [serve(data), serve(data)]
  t.after(async () => {
    for (const one of await Promise.allSettled(starting))
      if (one.status === 'fulfilled') await one.value.kill()
  })
  const nodes = await Promise.all(starting)
  const password = new URL(data).password
  for (const node of nodes) {
    assert.equal((await fetch(`${node.base}/health/ready`)).status, 200)
    assert.equal(await node.stop(), 0)
    assert.equal(node.log().includes(password), false)
  }
  for (const { said } of [seeded, imported, apps]) assert.equal(said.includes(password), false)
})

test('a database of another user, as a restore by somebody else leaves it, is told with the setting that names it', async () => {
  const owned = await newDatabase()
  const name = `guest_${randomBytes(4).toString('hex')}`
  const client = new Client(owned)
  await client.connect()
  await client.query(`CREATE ROLE ${name} LOGIN PASSWORD 'a-password-of-a-guest'`)
  try {
    const data = Object.assign(new URL(owned), { username: name, password: 'a-password-of-a-guest' }).href
    for (const command of [
      ['serve', '--port', '0'],
      ['app', 'list'],
    ]) {
      const { code, said } = await run([...command, '--data', data])
      assert.equal(code, 2, said)
      assert.match(
        said,
        /^chartkey: --data: .*permission denied for .*have to belong to the user that connects\n$/,
      )
      assert.equal(said.includes('a-password-of-a-guest'), false)
    }
  } finally {
    await client.query(`DROP ROLE ${name}`)
    await client.end()
  }
})

test('a database that cannot be reached is told without its password', async () => {
  const url = new URL(await newDatabase())
  const wrong = Object.assign(new URL(url), { password: 'not-the-password' }).href
  const nowhere = Object.assign(new URL(url), { port: '9' }).href
  const missing = Object.assign(new URL(url), { pathname: '/missing' }).href
  for (const data of [wrong, nowhere, missing]) {
    const { code, said } = await run(['app', 'list', '--data', data])
    assert.equal(code, 2)
    assert.match(said, /^chartkey: --data: the PostgreSQL database cannot be opened: \S.+\n$/)
    assert.equal(said.includes(new URL(data).password), false)
  }
})
