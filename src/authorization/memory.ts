/**
 * Values remembered until a time of their own, the oldest forgotten first when there are too many. Where the clock is set
 * back all are forgotten: they would be believed for longer than anybody meant.
 */
export interface Memory<Value> {
  get(key: string, now: number): Value | undefined
  set(key: string, value: Value, until: number): void
  delete(key: string): void
}

/** A memory of at most `most` values; times are in milliseconds since 1970. */
export function createMemory<Value>(most: number): Memory<Value> {
  const kept = new Map<string, { readonly value: Value; readonly until: number }>()
  let latest = Number.NEGATIVE_INFINITY
  return {
    get(key, now) {
      if (now < latest) kept.clear()
      latest = now
      const found = kept.get(key)
      if (found && found.until <= now) kept.delete(key)
      return found && found.until > now ? found.value : undefined
    },
    set(key, value, until) {
      if (kept.size >= most && !kept.has(key)) kept.delete(kept.keys().next().value as string)
      kept.set(key, { value, until })
    },
    delete: (key) => void kept.delete(key),
  }
}
