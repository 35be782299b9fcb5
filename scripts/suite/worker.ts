/**
 * Runs test files, one after the other, as it is told: what they share is loaded once. Each file has a root of `node:test` to
 * itself, so that its hooks are its own. It ends when nobody tells it more, by itself unless a file has left something open.
 */
import { run } from 'node:test'
import { beforeNextFile, leadFiles, leaveLastFile } from '../../test/fixtures/around-files.ts'
import { type Order, packEvent, type Word } from './words.ts'

leadFiles()
// Whoever gave the orders is gone: nobody hears of what still runs. Fixtures end what they started as the process ends.
const abandoned = () => process.exit(1)
process.once('disconnect', abandoned)
process.on('message', (order: Order | 'end') => void (order === 'end' ? end() : follow(order)))

async function follow({ file, name }: Order): Promise<void> {
  const stream = run({
    files: [file],
    isolation: 'none',
    concurrency: false,
    ...(name === undefined ? {} : { testNamePatterns: [new RegExp(name)] }),
  })
  beforeNextFile()
  // The tests are over when nothing is left to do, and what was left open by them keeps them from that; we do not.
  process.channel?.unref()
  let isFit = false
  for await (const event of stream) {
    const packed = packEvent(event)
    if (packed) say({ event: packed })
    // `node:test` does not come back from a file that it could not load.
    if (event.type === 'test:fail' && event.data.name === file) break
    if (event.type === 'test:summary') isFit = event.data.success
  }
  process.channel?.ref()
  say({ done: { isFit } })
}

async function end(): Promise<void> {
  // What failed was said.
  process.exitCode = 0
  await leaveLastFile()
  process.off('disconnect', abandoned)
  process.disconnect()
}

function say(word: Word): void {
  process.send?.(word)
}
