import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../../../test/fixtures/temporary-folder.ts'
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

const onFullDisk = fileURLToPath(new URL('../../../test/fixtures/full-disk.ts', import.meta.url))

test('what cannot be written is no store that is ready, until there is room again', {
  skip: process.platform === 'win32' && 'no limits of files there',
}, () => {
  const limited = ['-c', 'ulimit -f 400 && exec "$@"', 'sh', process.execPath]
  const { stdout, stderr } = spawnSync('sh', [...limited, onFullDisk, temporaryFolder('full')], {
    encoding: 'utf8',
  })
  assert.equal(stdout, '[true,false,false,true,true]', stderr)
})
