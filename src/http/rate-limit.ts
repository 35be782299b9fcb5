/** Buckets of requests: each key has so many a minute, which may come all at once and then grow back evenly. */

const MINUTE = 60_000
const SECOND = 1000
/** Beyond these the one that was asked longest ago is forgotten: memory has an end, whoever asks. */
const MOST_BUCKETS = 50_000

interface Bucket {
  readonly left: number
  /** Milliseconds since 1970. */
  readonly at: number
}

/** Counts requests of one process. */
export interface Buckets {
  /** Takes one request of a key that has so many a minute: 0, or the seconds until there is one to take. */
  take(key: string, perMinute: number, now: number): number
  /** How many keys are remembered. */
  readonly size: number
}

/** Buckets for at most `most` keys. */
export function createBuckets(most = MOST_BUCKETS): Buckets {
  const buckets = new Map<string, Bucket>()
  return {
    take(key, perMinute, now) {
      const before = buckets.get(key) ?? { left: perMinute, at: now }
      const grown = before.left + (Math.max(0, now - before.at) * perMinute) / MINUTE
      const left = Math.min(perMinute, grown)
      buckets.delete(key)
      if (buckets.size >= most) buckets.delete(buckets.keys().next().value as string)
      const taken = left >= 1 ? left - 1 : left
      buckets.set(key, { left: taken, at: now })
      return left >= 1 ? 0 : Math.max(1, Math.ceil(((1 - left) * MINUTE) / perMinute / SECOND))
    },
    get size() {
      return buckets.size
    },
  }
}
