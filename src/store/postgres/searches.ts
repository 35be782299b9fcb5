/** Searches may take long, and anybody who may search can begin many: they never have all connections of a node. */
import { OverTime } from '../sql.ts'

/** Half of the connections: the other half is for small reads, tokens and changes. */
const mostSearching = 10
/** Whoever does not get in until then is told, as one is who waits for a connection. */
const longestWait = 10_000

export interface Searches {
  /** Runs a search as soon as there are not too many. */
  run<Result>(search: () => Promise<Result>): Promise<Result>
}

/** Those of one node, in the order in which they came. */
export function createSearches(): Searches {
  const waiting = new Set<() => void>()
  let searching = 0

  /** Whoever is let in has the place of the one who left. */
  function leave(): void {
    const [next] = waiting
    if (next) next()
    else searching--
  }

  function enter(): Promise<void> {
    return new Promise((entered, refused) => {
      const goIn = () => {
        clearTimeout(timer)
        waiting.delete(goIn)
        entered()
      }
      const timer = setTimeout(() => {
        waiting.delete(goIn)
        refused(new OverTime('too many searches are under way'))
      }, longestWait)
      waiting.add(goIn)
    })
  }

  return {
    async run(search) {
      if (searching < mostSearching) searching++
      else await enter()
      try {
        return await search()
      } finally {
        leave()
      }
    },
  }
}
