/**
 * Requests that nobody wrote down: every address of the route table, every parameter that the program reads, filled with
 * what nearly fits and what does not. `npm run fuzz` sends a million; CHARTKEY_FUZZ_SEED repeats a run.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { openHouse } from '../fixtures/house.ts'
import { inTime, judge } from './judge.ts'
import { headerNames, memberNames, parameterNames } from './names.ts'
import { anyRequest } from './requests.ts'
import { settle } from './settle.ts'

const requests = Number(process.env.CHARTKEY_FUZZ_REQUESTS ?? 20_000)
const seed = Number(process.env.CHARTKEY_FUZZ_SEED ?? Math.floor(Math.random() * 0x7fffffff))
/** A house is torn down before its memory fills with what it was told. */
const REQUESTS_PER_HOUSE = 50_000

test('the names that are fuzzed are those that the program reads', () => {
  for (const name of ['client_id', 'code_verifier', 'redirect_uri', 'scope', 'username', 'decision', '_csrf'])
    assert.ok(parameterNames.includes(name), name)
  assert.ok(memberNames.includes('redirect_uris') && headerNames.includes('authorization'))
})

for (let first = 0; first < requests; first += REQUESTS_PER_HOUSE) {
  const count = Math.min(REQUESTS_PER_HOUSE, requests - first)
  test(`${count} requests of seed ${seed + first} get a documented answer, and none breaks the server`, async () => {
    const house = await openHouse()
    try {
      const known = await settle(house)
      assert.ok(known.accessToken && known.refreshToken && known.flow)
      const property = fc.asyncProperty(anyRequest(house, known), async (fuzzed) => {
        judge(fuzzed, await inTime(house.inject(fuzzed.request)))
      })
      await fc.assert(property, { numRuns: count, seed: seed + first })
      assert.deepEqual(house.faults, [])
      assert.equal((await house.inject({ url: '/health/ready' })).status, 200)
    } finally {
      await house.close()
    }
  })
}
