import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { openWriteAheadLog } from './write-ahead-log.ts'

/** A log on a disk that answers when the test says so. */
function open(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'chartkey-log-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'log')
  writeFileSync(path, '')
  const asked: ((error: Error | null) => void)[] = []
  const log = openWriteAheadLog(path, (_descriptor, done) => void asked.push(done))
  const answer = (error: Error | null = null) => asked.shift()?.(error)
  return { log, asked, answer }
}

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.finally(() => (settled = true)).catch(() => undefined)
  await new Promise(setImmediate)
  return settled
}

test('what was committed while the disk was busy waits for the flush after', async (t) => {
  const { log, asked, answer } = open(t)
  const first = log.flush()
  const [second, third] = [log.flush(), log.flush()]
  assert.equal(asked.length, 1)
  answer()
  await first
  assert.equal(await isSettled(second), false)
  assert.equal(asked.length, 1, 'the others share one flush')
  answer()
  await Promise.all([second, third])
  log.close()
})

test('once the disk has failed nothing is acknowledged any more', async (t) => {
  const { log, asked, answer } = open(t)
  const [first, second] = [log.flush(), log.flush()]
  answer(new Error('input/output error'))
  await assert.rejects(first, /input\/output error/)
  await assert.rejects(second, /input\/output error/)
  await assert.rejects(log.flush(), /input\/output error/)
  assert.equal(asked.length, 0)
  log.close()
})

test('closing lets a flush that runs come to its end', async (t) => {
  const { log, answer } = open(t)
  const running = log.flush()
  log.close()
  answer()
  await running
})
