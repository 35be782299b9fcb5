/**
 * When those that wait are committed. Where many come at once a commit serves them all: while the disk is free, each turn of
 * the event loop that brings more may be followed by another. While it is busy, what comes could not be told of before the
 * disk's next turn: it waits, but no longer than until half of those that are under way wait, or all would go to the disk
 * together, again and again, with nobody left to work for while it writes.
 */

/** Fewer do not make what a commit costs worth while. */
const fewestTogether = 8
/** Nobody is kept waiting for more than so many. */
const mostTogether = 100
/** Nor longer than so many turns of the event loop, each of which brought more. */
const mostTurns = 10
/** How much of the rush before is remembered with each commit. */
const fading = 0.95

export interface Pace {
  /** One more waits. */
  came(): void
  /** Resolves when those that wait are to be committed; asked by one at a time. */
  ripe(): Promise<void>
  /** So many are at the disk until `flush` is over, whose outcome it has. */
  atDisk(count: number, flush: () => Promise<void>): Promise<void>
}

/** The pace of one disk; `waiting` says how many wait. */
export function createPace(waiting: () => number): Pace {
  let flushing = 0
  /** How many were under way at a time, lately. */
  let rush = 0
  let pause: PromiseWithResolvers<void> | undefined

  function isEnough(): boolean {
    return waiting() >= Math.min(Math.max(fewestTogether, rush / 2), mostTogether)
  }

  function goOn(): void {
    pause?.resolve()
    pause = undefined
  }

  return {
    came() {
      if (isEnough()) goOn()
    },
    async ripe() {
      if (flushing > 0 && !isEnough()) {
        pause = Promise.withResolvers()
        await pause.promise
      }
      let before = 1
      for (let turn = 0; turn < mostTurns && waiting() > before && !isEnough(); turn++) {
        before = waiting()
        await nextTurn()
      }
      rush = Math.max(rush * fading, waiting() + flushing)
    },
    async atDisk(count, flush) {
      flushing += count
      try {
        await flush()
      } finally {
        flushing -= count
        if (flushing === 0) goOn()
      }
    },
  }
}

function nextTurn(): Promise<void> {
  return new Promise((turned) => void setImmediate(turned))
}
