/** A source of chance that is wholly decided by its seed, so that the same seed gives the same people. */
export interface Random {
  /** A number from 0 (included) to 1 (excluded). */
  next(): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  /** A number from `low` to `high`. */
  between(low: number, high: number): number
  /** True with this probability (0 to 1). */
  chance(probability: number): boolean
  /** One of the list, each as likely; the list must not be empty. */
  pick<T>(list: readonly T[]): T
  /** A normally distributed number, kept within three standard deviations. */
  normal(mean: number, deviation: number): number
  /** An independent source for one matter, so that a change in one leaves the others as they are. */
  fork(matter: string): Random
}

/** Makes the source of chance of a seed. */
export function createRandom(seed: string): Random {
  const next = generator(hash(seed))
  const between = (low: number, high: number) => low + next() * (high - low)
  const int = (low: number, high: number) => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    int,
    between,
    chance: (probability) => next() < probability,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from')
      return list[int(0, list.length - 1)] as (typeof list)[number]
    },
    normal: (mean, deviation) => mean + deviation * bell(next),
    fork: (matter) => createRandom(`${seed}/${matter}`),
  }
}

/** Twelve uniform numbers make a bell that is near enough to normal, cheap, and without endless tails. */
function bell(next: () => number): number {
  let sum = -6
  for (let n = 0; n < 12; n++) sum += next()
  return Math.max(-3, Math.min(3, sum))
}

function hash(text: string): number {
  let state = 0x811c9dc5
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  return mix(state)
}

/** A counter walked by the golden ratio, mixed: enough for believable patients, and fast. */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    return mix(state) / 0x1_0000_0000
  }
}

function mix(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
