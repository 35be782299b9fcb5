import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { indexing } from '../../src/resource/search/indexing.ts'
import { createRecords } from '../../src/store/records/records.ts'
import { openDatabase } from '../../src/store/sqlite/database.ts'
import { agreementContract } from './repository-agreement.ts'
import { repositoryContract } from './repository-contract.ts'
import { ward } from './repository-fixtures.ts'
import { find, type Made, start } from './repository-setting.ts'

function open(folder: string): Made {
  const db = openDatabase(folder)
  const time = { now: start }
  const repository = createRecords(db, { indexing, now: () => time.now, newId: randomUUID })
  return { repository, time, close: () => db.close() }
}

function inFolder(): Made {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-records-'))
  const made = open(folder)
  const close = () => {
    made.close()
    rmSync(folder, { recursive: true })
  }
  return { ...made, close }
}

repositoryContract('SQLite in memory', () => open(':memory:'))
repositoryContract('SQLite in a file', inFolder)
agreementContract('SQLite in memory', () => open(':memory:'))

test('SQLite in a file: what was acknowledged is there after reopening', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-records-'))
  const first = open(folder)
  await first.repository.putAll(ward)
  const before = await first.repository.read('Patient', 'mei')
  first.close()
  const second = open(folder)
  assert.equal((await second.repository.read('Patient', 'mei'))?.json, before?.json)
  assert.equal((await find(second.repository, 'Observation?code=http://loinc.org|8302-2')).total, 2)
  assert.deepEqual(await second.repository.putAll(ward), { created: 0, updated: 0, unchanged: ward.length })
  second.close()
  rmSync(folder, { recursive: true })
})
