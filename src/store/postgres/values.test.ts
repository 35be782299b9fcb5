import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openEmpty } from '../../../test/fixtures/databases.ts'
import { toPostgres } from './values.ts'

test('a list comes to PostgreSQL as it is, whatever is in its texts', async () => {
  const sql = await openEmpty('PostgreSQL')
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', 'NULL', 'null', '{}', '"', '\\', ',', ' ', '\\"', "'", '\n'),
    ),
  )
  await fc.assert(
    fc.asyncProperty(texts, async (list) => {
      const row = await sql.get<{ list: string[] }>('SELECT ?::text[] AS list', list)
      assert.deepEqual(
        row?.list,
        list.map((text) => text.replaceAll('\0', '\u{FFFD}')),
      )
    }),
    { numRuns: 50 },
  )
})

test('numbers keep their value in a list, the whole and the others', async () => {
  const sql = await openEmpty('PostgreSQL')
  await fc.assert(
    fc.asyncProperty(fc.array(fc.double()), fc.array(fc.maxSafeInteger()), async (doubles, wholes) => {
      const row = await sql.get<{ doubles: number[]; wholes: number }>(
        'SELECT ?::double precision[] AS doubles, array_length(?::bigint[], 1) AS wholes',
        doubles,
        wholes,
      )
      assert.deepEqual(
        row?.doubles.map((number) => number + 0),
        doubles.map((number) => number + 0),
      )
      assert.equal(row?.wholes ?? 0, wholes.length)
    }),
    { numRuns: 50 },
  )
})

test('nothing in a list is nothing, and not its name', () => {
  const values = [null, 'NULL', 1] as unknown as string[]
  assert.equal(toPostgres(values), '{NULL,"NULL",1}')
})
