/** Random transactions: all of it is stored, or nothing is, whichever entry it is that may not be. */
import assert from 'node:assert/strict'
import { bundle, entry } from '../bundles.ts'
import type { Asked } from './asked.ts'
import { throwStory } from './choice.ts'
import { nameOf } from './facts.ts'
import { mayHave } from './model.ts'
import type { Searcher } from './questions.ts'
import { resourceOf } from './write-down.ts'
import { assertRefused, isTaken, throwChange } from './writes.ts'

export function throwTransaction(searcher: Searcher): Asked {
  const { dice, shelf, setting } = searcher
  const thrown = Array.from({ length: 1 + dice.below(3) }, () => throwChange(searcher))
  const changes = [...new Map(thrown.map((change) => [nameOf(change), change])).values()]
  const read = nameOf(throwStory(searcher, 'r'))
  const isRead = dice.once(2) && !changes.some((change) => nameOf(change) === read)
  const entries = changes.map((change) => entry('PUT', nameOf(change), resourceOf(change.sent)))
  return {
    target: '',
    ask: bundle('transaction', ...entries, ...(isRead ? [entry('GET', read)] : [])),
    compare(answered) {
      const seen = shelf.now(read)
      const mayRead = !isRead || (seen !== undefined && mayHave(seen, 'r', setting))
      const taken = mayRead && changes.every(({ next }) => isTaken(next, searcher))
      if (!taken) {
        assertRefused(answered)
        return 1
      }
      assert.equal(answered.status, 200, JSON.stringify(answered.body))
      for (const { next } of changes) shelf.write(next)
      return entries.length
    },
  }
}
