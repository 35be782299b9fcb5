import assert from 'node:assert/strict'
import { test } from 'node:test'
import { elsewhere } from './elsewhere.ts'

const turn = () => new Promise((turned) => void setImmediate(turned))

test('what one turn of the event loop has is begun at its end, in order, and each is told its own outcome', async () => {
  const begun: number[] = []
  const results = [0, 1, 2].map((at) =>
    elsewhere<number>((done) => {
      begun.push(at)
      setImmediate(done, at === 1 ? new Error('one') : null, at * 10)
    }),
  )
  const settled = Promise.allSettled(results)
  await Promise.resolve()
  assert.deepEqual(begun, [])
  await turn()
  assert.deepEqual(begun, [0, 1, 2])
  assert.deepEqual(
    (await settled).map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message)),
    [0, 'one', 20],
  )
})

test('a job that cannot even begin fails alone', async () => {
  const unable = elsewhere(() => {
    throw new TypeError('no key')
  })
  const able = elsewhere<string>((done) => done(null, 'done'))
  await assert.rejects(unable, /no key/)
  assert.equal(await able, 'done')
})

test('a job that a job begins is of the next turn', async () => {
  const begun: string[] = []
  const outer = elsewhere<Promise<string>>((done) => {
    begun.push('outer')
    const inner = elsewhere<string>((told) => {
      begun.push('inner')
      told(null, 'inner')
    })
    assert.deepEqual(begun, ['outer'])
    done(null, inner)
  })
  assert.equal(await outer, 'inner')
  assert.deepEqual(begun, ['outer', 'inner'])
})
