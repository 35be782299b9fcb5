/** Random batches: each entry is answered as it would be by itself. */
import assert from 'node:assert/strict'
import { bundle, entry } from '../bundles.ts'
import type { Asked, Bundle } from './asked.ts'
import type { Searcher } from './questions.ts'
import { throwRead, throwVread } from './reads.ts'
import { throwCount, throwSearch } from './searches.ts'

export function throwBatch(searcher: Searcher): Asked {
  const { dice } = searcher
  const asked = Array.from({ length: 2 + dice.below(4) }, () =>
    dice.pick([throwRead, throwVread, throwSearch, throwCount])(searcher),
  ).filter(({ ask }) => ask === undefined)
  const entries = asked.map(({ target }) => entry('GET', target))
  return {
    target: '',
    ask: bundle('batch', ...entries),
    async compare({ status, body }, follow) {
      assert.equal(status, 200, JSON.stringify(body))
      let comparisons = 0
      for (const [at, one] of asked.entries()) {
        const answer = body?.entry?.[at]
        const status = Number(answer?.response?.status.slice(0, 3))
        comparisons += await one.compare({ status, body: answer?.resource as Bundle | undefined }, follow)
      }
      return comparisons
    },
  }
}
