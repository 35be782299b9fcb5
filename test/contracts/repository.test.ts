import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { indexing } from '../../src/resource/search/indexing.ts'
import { openStore } from '../../src/store/open.ts'
import { createRecords } from '../../src/store/records/records.ts'
import type { Sql } from '../../src/store/sql.ts'
import { openEmpty } from '../fixtures/databases.ts'
import { type DatabaseKind, databaseKinds } from '../fixtures/kinds.ts'
import { agreementContract } from './repository-agreement.ts'
import { repositoryContract } from './repository-contract.ts'
import { ward } from './repository-fixtures.ts'
import { find, type Made, start } from './repository-setting.ts'

const open = async (folder: string) => madeOn(await openStore(folder))
const openKind = async (kind: DatabaseKind) => madeOn(await openEmpty(kind))

function madeOn(sql: Sql): Made {
  const time = { now: start }
  const repository = createRecords(sql, { indexing, now: () => time.now, newId: randomUUID })
  return { repository, time, close: () => sql.close() }
}

async function inFolder(): Promise<Made> {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-records-'))
  const made = await open(folder)
  const close = async () => {
    await made.close()
    rmSync(folder, { recursive: true })
  }
  return { ...made, close }
}

repositoryContract('SQLite in a file', inFolder)
for (const kind of databaseKinds) {
  repositoryContract(kind, () => openKind(kind))
  agreementContract(kind, () => openKind(kind))
}

test('SQLite in a file: what was acknowledged is there after reopening', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-records-'))
  const first = await open(folder)
  await first.repository.putAll(ward)
  const before = await first.repository.read('Patient', 'mei')
  await first.close()
  const second = await open(folder)
  assert.equal((await second.repository.read('Patient', 'mei'))?.json, before?.json)
  assert.equal((await find(second.repository, 'Observation?code=http://loinc.org|8302-2')).total, 2)
  assert.deepEqual(await second.repository.putAll(ward), { created: 0, updated: 0, unchanged: ward.length })
  await second.close()
  rmSync(folder, { recursive: true })
})
