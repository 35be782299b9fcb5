import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProgressBar, formatProgress } from './progress-bar.ts'

const progress = { file: '/data/some/family.json.gz', done: 1, files: 4, resources: 12_000, refused: 1 }

test('the line tells how far it is, how fast, and what is being read', () => {
  const line = formatProgress(progress, 4, 200)
  assert.match(line, /^█{6}░{18} 1\/4 files, 12,000 resources, 3,000\/s, 1 refused {2}family\.json\.gz$/)
  assert.equal(formatProgress(progress, 4, 30).length, 29)
})

test('the bar draws on a terminal, not too often, and nothing elsewhere', () => {
  const draw = (isTTY: boolean) => {
    const written: string[] = []
    let time = 0
    const bar = createProgressBar({ isTTY, columns: 80, write: (text) => written.push(text) }, () => time)
    for (time = 0; time < 200; time += 10) bar.show(progress)
    bar.clear()
    return written
  }
  assert.deepEqual(draw(false), [])
  const written = draw(true)
  assert.equal(written.length, 4)
  assert.ok(written.every((text) => text.startsWith('\r') && text.endsWith('\x1b[K')))
})
