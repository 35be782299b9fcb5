/** Chance that can be repeated: the same seed gives the same throws. */

export interface Dice {
  /** A whole number from 0 up to, but not including, `end`. */
  below(end: number): number
  /** True once in so many times. */
  once(inSoMany: number): boolean
  pick<Item>(items: readonly Item[]): Item
  /** Some of them, at least so many, in their order. */
  some<Item>(items: readonly Item[], least: number): Item[]
}

/** Dice of a seed, by the generator mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    below,
    once: (inSoMany) => below(inSoMany) === 0,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    some(items, least) {
      const kept = items.filter(() => below(2) === 0)
      return kept.length >= least ? kept : items.slice(0, least)
    },
  }
}
