import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { pbkdf2 } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { syncToDisk } from './disk.ts'

function openFile(t: TestContext): number {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-disk-'))
  const descriptor = openSync(join(folder, 'file'), 'w')
  t.after(() => {
    closeSync(descriptor)
    rmSync(folder, { recursive: true })
  })
  writeSync(descriptor, 'something')
  return descriptor
}

const synced = (descriptor: number) =>
  new Promise<void>((done, failed) => syncToDisk(descriptor, (error) => (error ? failed(error) : done())))

test('each is told what became of its own, and one that fails spoils no other', async (t) => {
  const good = openFile(t)
  const nobodys = 2 ** 30
  const outcomes = await Promise.allSettled([good, nobodys, good].map(synced))
  assert.deepEqual(
    outcomes.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.code)),
    ['done', 'EBADF', 'done'],
  )
  await synced(good)
})

test('what the other threads have to do is not waited for', async (t) => {
  const descriptor = openFile(t)
  await synced(descriptor)
  const jobs = 64
  let finished = 0
  const all = Array.from({ length: jobs }, () =>
    promisify(pbkdf2)('secret', 'salt', 50_000, 32, 'sha256').then(() => finished++),
  )
  await synced(descriptor)
  assert.ok(finished < jobs / 2, `${finished} of ${jobs} were over`)
  await Promise.all(all)
})

test('a process with nothing else to do ends, and not before it was told', async () => {
  const program = `
    import { openSync } from 'node:fs'
    import { syncToDisk } from ${JSON.stringify(new URL('./disk.ts', import.meta.url).href)}
    syncToDisk(openSync(process.execPath, 'r'), (error) => console.log(error === null ? 'synced' : error.message))`
  const ended = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    timeout: 60_000,
  })
  assert.equal(ended.stdout, 'synced\n')
})
