import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openEmpty } from '../../../test/fixtures/databases.ts'
import { newDatabase } from '../../../test/fixtures/lent-databases.ts'
import { postgresDialect } from './dialect.ts'
import { openPostgres } from './sql.ts'
import { createNames } from './statement-names.ts'

const hundred = Array.from({ length: 100 }, (_, at) => at)

test('a text that is asked often gets a name, the same each time', () => {
  const nameOf = createNames()
  const names = hundred.map(() => nameOf('SELECT 1'))
  assert.equal(names[0], undefined)
  assert.match(names[99] ?? '', /^[0-9a-f]{32}$/)
  assert.equal(new Set(names.slice(50)).size, 1)
})

test('what is searched for, or says a star for its columns, has none', () => {
  const nameOf = createNames()
  for (const text of ['SELECT * FROM notes', `SELECT 1 WHERE ${postgresDialect.inTime('1').text}`])
    for (const _ of hundred) assert.equal(nameOf(text), undefined)
})

test('the names are not more than a connection can keep', () => {
  const nameOf = createNames()
  const named = new Set(
    hundred.flatMap((round) => hundred.map((at) => nameOf(`SELECT ${(round % 10) * 100 + at}`))),
  )
  assert.ok(named.size <= 301, String(named.size))
})

test('a statement with a name says the same as before, also when a newer version has changed the table', async () => {
  const address = await newDatabase('bare')
  const [node, newer] = [openPostgres(address), openPostgres(address)]
  try {
    await node.write((tx) => tx.script('CREATE TABLE notes (at INTEGER, text TEXT) STRICT'))
    await node.write((tx) => tx.run('INSERT INTO notes (at, text) VALUES (?, ?)', 1, 'x'))
    const asked = ['SELECT at, text FROM notes WHERE at = ?', 'SELECT * FROM notes WHERE at = ?']
    const ask = async (text: string) => [await node.get(text, 1), await node.write((tx) => tx.get(text, 1))]
    const row = { at: 1, text: 'x' }
    for (const text of asked)
      for (const _ of hundred.slice(0, 20)) assert.deepEqual(await ask(text), [row, row])
    await newer.write((tx) => tx.script('ALTER TABLE notes ADD COLUMN more TEXT'))
    const [named = '', star = ''] = asked
    assert.deepEqual(await ask(named), [row, row])
    assert.deepEqual(
      await ask(star),
      [row, row].map((one) => ({ ...one, more: null })),
    )
  } finally {
    await node.close()
    await newer.close()
  }
})

test('a name that was refused once is good again', async () => {
  const sql = await openEmpty('PostgreSQL')
  const text = 'SELECT 1 / ?::int AS one'
  for (const _ of hundred.slice(0, 10)) assert.deepEqual(await sql.get(text, 1), { one: 1 })
  await assert.rejects(sql.get(text, 0), { code: '22012' })
  await assert.rejects(
    sql.write((tx) => Promise.all([tx.get(text, 0), tx.get(text, 1)])),
    { code: '22012' },
  )
  assert.deepEqual(await sql.write((tx) => Promise.all([tx.get(text, 1), tx.get(text, 1)])), [
    { one: 1 },
    { one: 1 },
  ])
})
