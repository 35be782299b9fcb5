import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createCommitGroup, type GroupTarget } from './commit-group.ts'
import { openDatabase } from './database.ts'

function open(changed: Partial<GroupTarget> = {}) {
  const db = openDatabase(':memory:')
  db.script('CREATE TABLE notes (text TEXT PRIMARY KEY) STRICT')
  const executed: string[] = []
  const execute = (sql: string) => {
    executed.push(sql)
    db.execute(sql)
  }
  const group = createCommitGroup({ ...db, execute, ...changed })
  const insert = (text: string) => async () => db.run('INSERT INTO notes VALUES (?)', [text]).changes
  const texts = () =>
    db.all<{ text: string }>('SELECT text FROM notes ORDER BY text', []).map(({ text }) => text)
  return { db, group, executed, insert, texts }
}

test('work of one turn is committed once, and each is told its own result', async () => {
  const { group, executed, insert, texts } = open()
  const results = [group.together(insert('a')), group.together(async () => 7), group.together(insert('b'))]
  assert.deepEqual(await Promise.all(results), [1, 7, 1])
  assert.equal(executed.filter((sql) => sql === 'COMMIT').length, 1)
  assert.deepEqual(texts(), ['a', 'b'])
})

test('a piece that fails is undone alone', async () => {
  const { db, group, insert, texts } = open()
  const half = async () => {
    db.run('INSERT INTO notes VALUES (?)', ['half'])
    throw new Error('no further')
  }
  const results = await Promise.allSettled([
    group.together(insert('a')),
    group.together(half),
    group.together(insert('a')),
    group.together(insert('b')),
  ])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  assert.deepEqual(texts(), ['a', 'b'])
})

test('work that is done without fault needs no savepoint; where a piece fails, all of its group are done again', async () => {
  const { group, executed, insert, texts } = open()
  await Promise.all([group.together(insert('a')), group.together(insert('b'))])
  assert.ok(!executed.some((sql) => sql.startsWith('SAVEPOINT')))
  let tries = 0
  const counted = async () => {
    tries++
    return insert('c')()
  }
  const results = await Promise.allSettled([group.together(counted), group.together(insert('a'))])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  )
  assert.equal(tries, 2)
  assert.deepEqual(texts(), ['a', 'b', 'c'])
})

test('a group is closed when a turn of the event loop brings no more, or when it is large', async () => {
  const { group, executed, insert, texts } = open()
  const commits = () => executed.filter((sql) => sql === 'COMMIT').length
  const results: Promise<unknown>[] = []
  // Two come in each turn: the group does not wait for ever.
  for (let turn = 0; turn < 100; turn++) {
    results.push(group.together(insert(`${turn} a`)), group.together(insert(`${turn} b`)))
    await new Promise(setImmediate)
  }
  await Promise.all(results)
  assert.equal(texts().length, 200)
  assert.ok(commits() > 2 && commits() < 50, String(commits()))
})

test('pieces run one after another, also when one waits for something else', async () => {
  const { group, insert, texts } = open()
  const seen: string[][] = []
  const slow = async () => {
    await insert('slow')()
    await new Promise(setImmediate)
    seen.push(texts())
  }
  const first = group.together(slow)
  await new Promise(setImmediate)
  const second = group.alone(insert('second'))
  const third = group.together(insert('third'))
  await Promise.all([first, second, third])
  assert.deepEqual(seen, [['slow']])
  assert.equal(group.open, undefined)
  assert.deepEqual(texts(), ['second', 'slow', 'third'])
})

test('when the commit fails nobody is told of success', async () => {
  const { db, group, insert, texts } = open({
    execute: (sql) => {
      if (sql === 'COMMIT') throw new Error('disk full')
      db.execute(sql)
    },
  })
  const results = await Promise.allSettled([group.together(insert('a')), group.together(insert('b'))])
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  assert.deepEqual(texts(), [])
})

test('nobody is told before the disk has it, and what comes meanwhile is one group', async () => {
  const flushes: (() => void)[] = []
  const flush = () => new Promise<void>((done) => void flushes.push(done))
  const { group, insert, texts } = open({ flush })
  let told = false
  const first = group.together(insert('a')).then(() => {
    told = true
  })
  await new Promise(setImmediate)
  const others = [group.together(insert('b')), group.together(insert('c'))]
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

test('where many are under way, half of them are committed while the other half is at the disk', async () => {
  const flushes: (() => void)[] = []
  const flush = () => new Promise<void>((done) => void flushes.push(done))
  const { group, insert, texts } = open({ flush })
  const turns = async (count: number) => {
    for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
  }
  const told: string[] = []
  const start = (text: string) => group.together(insert(text)).then(() => told.push(text))
  const many = Array.from({ length: 40 }, (_, at) => start(`a ${at}`))
  await turns(5)
  assert.equal(texts().length, 40)
  // Fewer than half of as many wait for the disk, and half of them do not.
  const next = Array.from({ length: 19 }, (_, at) => start(`b ${at}`))
  await turns(5)
  assert.equal(texts().length, 40)
  next.push(start('b 19'))
  await turns(5)
  assert.equal(texts().length, 60)
  assert.deepEqual(told, [])
  flushes.shift()?.()
  await Promise.all(many)
  assert.equal(told.length, 40)
  flushes.shift()?.()
  await Promise.all(next)
})

test('when the disk fails while others are committed, none of them is told of success', async () => {
  const flushes: ((error: Error) => void)[] = []
  const flush = () => new Promise<void>((_, failed) => void flushes.push(failed))
  const { group, insert } = open({ flush })
  const first = Array.from({ length: 10 }, (_, at) => group.together(insert(`a ${at}`)))
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  const second = Array.from({ length: 10 }, (_, at) => group.together(insert(`b ${at}`)))
  const results = Promise.allSettled([...first, ...second])
  while (flushes.length < 2) await new Promise(setImmediate)
  for (const fail of flushes) fail(new Error('input/output error'))
  assert.ok((await results).every(({ status }) => status === 'rejected'))
})

test('when the disk fails nobody is told of success', async () => {
  const { group, insert } = open({ flush: () => Promise.reject(new Error('input/output error')) })
  await assert.rejects(group.together(insert('a')), /input\/output error/)
})
