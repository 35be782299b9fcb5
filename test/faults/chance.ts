/** Chance that can be had again: the seed is in the report of the test, and `CHARTKEY_FAULT_SEED` repeats it. */
import { randomInt } from 'node:crypto'

export interface Chance {
  readonly seed: number
  /** A whole number from 0 up to, not including, `limit`. */
  readonly below: (limit: number) => number
}

const MODULUS = 2 ** 31 - 1
const MULTIPLIER = 48_271

/** Random numbers of a seed (Lehmer's generator: any will do to choose a moment). */
export function createChance(
  seed = Number(process.env.CHARTKEY_FAULT_SEED ?? randomInt(1, MODULUS)),
): Chance {
  let state = seed
  const below = (limit: number) => {
    state = (state * MULTIPLIER) % MODULUS
    return Math.floor((state / MODULUS) * limit)
  }
  return { seed, below }
}
