import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCommitGroup } from './commit-group.ts'
import { openDatabase } from './database.ts'

function open() {
  const db = openDatabase(':memory:')
  db.exec('CREATE TABLE notes (text TEXT PRIMARY KEY) STRICT')
  const insert = (text: string) => () => db.run('INSERT INTO notes VALUES (?)', text).changes
  const texts = () => db.all<{ text: string }>('SELECT text FROM notes ORDER BY text').map(({ text }) => text)
  return { db, insert, texts }
}

test('work of one turn is committed once, and each is told its own result', async () => {
  const { db, insert, texts } = open()
  let commits = 0
  const together = createCommitGroup({
    exec: db.exec,
    transaction: (work) => {
      commits++
      return db.transaction(work)
    },
    flush: async () => undefined,
  })
  assert.deepEqual(
    await Promise.all([together(insert('a')), together(() => 7), together(insert('b'))]),
    [1, 7, 1],
  )
  assert.equal(commits, 1)
  assert.deepEqual(texts(), ['a', 'b'])
})

test('a piece that fails is undone alone', async () => {
  const { db, insert, texts } = open()
  const half = () => {
    db.run('INSERT INTO notes VALUES (?)', 'half')
    throw new Error('no further')
  }
  const results = await Promise.allSettled([
    db.together(insert('a')),
    db.together(half),
    db.together(insert('a')),
    db.together(insert('b')),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(texts(), ['a', 'b'])
})

test('of two that must not both succeed, the second sees what the first did', async () => {
  const { db, insert } = open()
  await db.together(insert('once'))
  const take = () => db.run('DELETE FROM notes WHERE text = ?', 'once').changes
  assert.deepEqual(await Promise.all([db.together(take), db.together(take)]), [1, 0])
})

test('when the commit fails nobody is told of success', async () => {
  const { db, insert, texts } = open()
  const together = createCommitGroup({
    exec: db.exec,
    transaction: (work) =>
      db.transaction(() => {
        work()
        throw new Error('disk full')
      }),
    flush: async () => undefined,
  })
  const results = await Promise.allSettled([together(insert('a')), together(insert('b'))])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  assert.deepEqual(texts(), [])
})

test('nobody is told before the disk has it, and what comes meanwhile is one group', async () => {
  const { db, insert, texts } = open()
  const flushes: (() => void)[] = []
  const flush = () => new Promise<void>((done) => void flushes.push(done))
  const together = createCommitGroup({ exec: db.exec, transaction: db.transaction, flush })
  let told = false
  const first = together(insert('a')).then(() => {
    told = true
  })
  await new Promise(setImmediate)
  const others = [together(insert('b')), together(insert('c'))]
  await new Promise(setImmediate)
  assert.deepEqual(texts(), ['a'])
  assert.equal(told, false)
  flushes.shift()?.()
  await first
  await new Promise(setImmediate)
  assert.deepEqual(texts(), ['a', 'b', 'c'])
  assert.equal(flushes.length, 1)
  flushes.shift()?.()
  await Promise.all(others)
})

test('when the disk fails nobody is told of success', async () => {
  const { db, insert } = open()
  const together = createCommitGroup({
    exec: db.exec,
    transaction: db.transaction,
    flush: () => Promise.reject(new Error('input/output error')),
  })
  await assert.rejects(together(insert('a')), /input\/output error/)
})
