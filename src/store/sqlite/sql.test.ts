import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openSqlite } from './sql.ts'

test('what was written is there after reopening, without waiting for the disk in the commit itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-sqlite-'))
  const first = openSqlite(folder)
  await first.write(async (tx) => {
    await tx.script('CREATE TABLE notes (text TEXT NOT NULL) STRICT')
    await tx.run("INSERT INTO notes (text) VALUES ('kept')")
  })
  await first.close()
  const second = openSqlite(folder)
  assert.equal((await second.get<{ text: string }>('SELECT text FROM notes'))?.text, 'kept')
  // The log waits for it (write-ahead-log.test.ts).
  const mode = await second.get<{ mode: number }>('SELECT synchronous AS mode FROM pragma_synchronous')
  assert.equal(mode?.mode, 1)
  await second.close()
  rmSync(folder, { recursive: true })
})
