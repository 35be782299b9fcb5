import { RequestError } from './request-error.ts'

/** More than any form has: the longest is a consent with a box for each scope. A form of nothing but `a&` costs more to read than to send. */
const MOST_PAIRS = 2000

/**
 * Query or form parameters, in order, each name with all its values.
 * A parameter without value counts as absent (RFC 6749 §3.1); a repeated one is kept, so that an endpoint can refuse it.
 */
export class Params {
  readonly entries: readonly (readonly [string, string])[]

  constructor(entries: Iterable<readonly [string, string]> = []) {
    this.entries = [...entries]
  }

  /** The parameters of `text`, what is malformed in it left as it stands; throws a `RequestError` 400 where they are too many. */
  static parse(text: string): Params {
    checkPairs(text)
    return new Params(new URLSearchParams(text))
  }

  /** As `parse`, but throws a `RequestError` 400 when a percent-encoding is malformed or not UTF-8. */
  static check(text: string): Params {
    checkPairs(text)
    return new Params(
      text
        .split('&')
        .filter((pair) => pair !== '')
        .map(splitPair),
    )
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
    const isEachOther = new Set(this.entries.map(([name]) => name)).size === this.entries.length
    return isEachOther ? undefined : names.find((name) => this.all(name).length > 1)
  }
}

/** Looks for separators only, so that what is too long is not taken apart first. */
function checkPairs(text: string): void {
  let pairs = 1
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    pairs += 1
    if (pairs > MOST_PAIRS) throw new RequestError(400, `More than ${MOST_PAIRS} parameters were sent.`)
  }
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw new RequestError(400, 'A parameter has a malformed percent-encoding.')
  }
}
