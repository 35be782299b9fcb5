/** A store that a newer program has written to: an older one cannot know what it would break, and leaves it alone. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { connectStore, openStore } from '../../src/store/open.ts'
import { databaseKinds } from '../fixtures/kinds.ts'
import { newDatabase } from '../fixtures/lent-databases.ts'
import { run, serve } from '../fixtures/process.ts'

// Where the database is elsewhere, what encrypts the signing keys does not lie beside it.
process.env.CHARTKEY_KEY_ENCRYPTION_KEY = randomBytes(32).toString('base64')

const longest = 60_000

/** What a newer program does with its first start: a table of its own, and its name. */
async function renew(data: string): Promise<void> {
  const sql = await connectStore(data)
  await sql.write((tx) => tx.run("INSERT INTO migrations (id) VALUES ('future-0001')"))
  await sql.close()
}

/** Everything that a command could have changed, as far as it is in the list of changes and the trail. */
async function stateOf(data: string): Promise<unknown> {
  const sql = await connectStore(data)
  try {
    const migrations = await sql.all<{ id: string }>('SELECT id FROM migrations ORDER BY id')
    const counts = await sql.get<object>(
      'SELECT (SELECT count(*) FROM resources) AS resources, (SELECT count(*) FROM signing_keys) AS keys, (SELECT count(*) FROM accounts) AS accounts',
    )
    return { migrations: migrations.map(({ id }) => id), ...counts }
  } finally {
    await sql.close()
  }
}

for (const kind of databaseKinds) {
  test(`${kind}: a store of a newer program is refused by every command, and doctor tells of it`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'chartkey-newer-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const data = kind === 'SQLite' ? folder : await newDatabase('bare')
    await (await openStore(data)).close()
    // One that this program needs is missing as well: it is not added to what nobody here understands.
    const sql = await connectStore(data)
    await sql.write((tx) => tx.run("DELETE FROM migrations WHERE id = 'outbox-0001'"))
    await sql.close()
    await renew(data)
    const before = await stateOf(data)
    for (const words of [
      ['serve', '--port', '0'],
      ['serve', '--port', '0', '--sandbox'],
      ['seed', '--patients', '1'],
      ['app', 'list'],
      ['user', 'add', 'somebody', '--role', 'admin'],
      ['keys', 'rotate'],
      ['invite', 'Patient/1'],
    ]) {
      const { code, said } = await run([...words, '--data', data], longest)
      assert.equal(code, 2, `${words.join(' ')}: ${said}`)
      assert.match(said, /^chartkey: --data: .*newer Chartkey.*future-0001.*backup/)
      if (kind === 'PostgreSQL') assert.equal(said.includes(new URL(data).password), false)
    }
    assert.deepEqual(await stateOf(data), before)
    const doctor = await run(['doctor', '--data', data], longest)
    assert.equal(doctor.code, 1)
    assert.match(doctor.said, /PROBLEM {2}tables +of a newer program: future-0001/)
  })
}

test('PostgreSQL: an older node that runs goes on beside a newer one; it does not start again', async (t) => {
  const data = await newDatabase('bare')
  const node = await serve(data)
  t.after(() => node.kill())
  await renew(data)
  assert.equal((await fetch(`${node.base}/health/ready`)).status, 200)
  assert.equal(await node.stop(), 0)
  await assert.rejects(serve(data), /--data: .*newer Chartkey/)
})
