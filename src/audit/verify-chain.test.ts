import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginning, type Checkpoint, hashOf, type Link } from './chain.ts'
import { type VerifyOptions, verifyChain } from './verify-chain.ts'

function chainOf(length: number): Link[] {
  const links: Link[] = []
  for (let seq = 1; seq <= length; seq++) {
    const content = { seq, time: seq * 10, event: `{"n":${seq}}` }
    links.push({ ...content, hash: hashOf(links.at(-1)?.hash ?? beginning.hash, content) })
  }
  return links
}

const verify = (links: readonly Link[], options?: VerifyOptions, start: Checkpoint = beginning) =>
  verifyChain(
    {
      checkpoint: async () => start,
      links: async (after, limit) => links.filter(({ seq }) => seq > after).slice(0, limit),
    },
    options,
  )

const chain = chainOf(2500)
const at = (seq: number): Link => chain[seq - 1] as Link

test('a whole chain is verified to its head, and so is one whose beginning was removed', async () => {
  const progress: number[] = []
  const report = await verify(chain, { onProgress: (records) => progress.push(records) })
  assert.deepEqual(report, { records: 2500, head: { seq: 2500, hash: at(2500).hash } })
  assert.deepEqual(progress, [1000, 2000, 2500])
  assert.equal((await verify(chain.slice(10), {}, at(10))).records, 2490)
  assert.deepEqual(await verify([]), { records: 0, head: beginning })
})

test('the first record that was changed is named', async () => {
  for (const change of [{ event: '{}' }, { time: 1 }, { hash: at(3).hash }]) {
    const { broken } = await verify(chain.map((link) => (link.seq === 1700 ? { ...link, ...change } : link)))
    assert.equal(broken?.seq, 1700, JSON.stringify(change))
  }
})

test('a change that is covered up by a digest of its own breaks the next record', async () => {
  const content = { ...at(40), event: '{}' }
  const changed = { ...content, hash: hashOf(at(39).hash, content) }
  assert.equal((await verify(chain.with(39, changed))).broken?.seq, 41)
})

test('records that were removed from the middle or the beginning are missed', async () => {
  const { broken } = await verify(chain.filter(({ seq }) => seq < 100 || seq > 102))
  assert.deepEqual(broken, { seq: 103, problem: 'records 100 to 102 are missing' })
  assert.equal((await verify(chain.slice(5))).broken?.problem, 'records 1 to 5 are missing')
})

test('records that changed places are found', async () => {
  const swapped = chain.with(6, { ...at(8), seq: 7 }).with(7, { ...at(7), seq: 8 })
  assert.equal((await verify(swapped)).broken?.seq, 7)
})

test('a tail that was cut off is found with a head that was noted', async () => {
  const cut = chain.slice(0, 2400)
  assert.equal((await verify(cut)).broken, undefined)
  const { broken } = await verify(cut, { expected: at(2500) })
  assert.deepEqual(broken, {
    seq: 2500,
    problem: 'the noted record 2500 is not there: the trail ends at 2400',
  })
  assert.equal((await verify(chain, { expected: at(2400) })).broken, undefined)
})

test('a trail that was written anew is found with a head that was noted', async () => {
  const { broken } = await verify(chain, { expected: { seq: 2400, hash: at(1).hash } })
  assert.equal(broken?.problem, 'record 2400 is not the one that was noted')
  const old = await verify(chain.slice(10), { expected: at(4) }, at(10))
  assert.match(old.broken?.problem ?? '', /removed when its time was over/)
  assert.equal((await verify(chain.slice(10), { expected: at(10) }, at(10))).broken, undefined)
})
