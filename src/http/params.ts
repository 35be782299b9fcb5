/**
 * Query or form parameters, in order, each name with all its values.
 * A parameter without value counts as absent (RFC 6749 §3.1); a repeated one is kept, so that an endpoint can refuse it.
 */
export class Params {
  readonly entries: readonly (readonly [string, string])[]

  constructor(entries: Iterable<readonly [string, string]> = []) {
    this.entries = [...entries]
  }

  static parse(text: string): Params {
    return new Params(new URLSearchParams(text))
  }

  /** The first value, or nothing when the parameter is absent or empty. */
  get(name: string): string | undefined {
    const found = this.entries.find(([key, value]) => key === name && value !== '')
    return found?.[1]
  }

  all(name: string): string[] {
    return this.entries.filter(([key]) => key === name).map(([, value]) => value)
  }

  /** The first of `names` that came more than once. */
  repeated(names: readonly string[]): string | undefined {
    return names.find((name) => this.all(name).length > 1)
  }
}
