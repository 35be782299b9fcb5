import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGate } from './gate.ts'

test('so many at a time, the others in their order, whatever becomes of those before', async () => {
  const gate = createGate(2)
  const begun: number[] = []
  const ends: PromiseWithResolvers<number>[] = []
  const all = [0, 1, 2, 3, 4].map((one) =>
    gate(() => {
      begun.push(one)
      ends[one] = Promise.withResolvers()
      return ends[one].promise
    }),
  )
  await turn()
  assert.deepEqual(begun, [0, 1])
  ends[1]?.reject(new Error('failed'))
  await assert.rejects(all[1] ?? assert.fail(), /failed/)
  assert.deepEqual(begun, [0, 1, 2])
  ends[0]?.resolve(0)
  ends[2]?.resolve(2)
  assert.deepEqual(await Promise.all([all[0], all[2]]), [0, 2])
  await turn()
  assert.deepEqual(begun, [0, 1, 2, 3, 4])
  for (const one of [3, 4]) ends[one]?.resolve(one)
  assert.deepEqual(await Promise.all([all[3], all[4]]), [3, 4])
  // Nobody waits when it is free again, and work that throws at once leaves its place as well.
  await assert.rejects(
    gate(() => {
      throw new Error('at once')
    }),
    /at once/,
  )
  assert.deepEqual(await Promise.all([gate(async () => 'a'), gate(async () => 'b')]), ['a', 'b'])
})

function turn(): Promise<void> {
  return new Promise((turned) => void setImmediate(turned))
}
