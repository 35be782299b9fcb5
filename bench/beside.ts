/** Requests to a server beside requests to its reference, slice by slice, as a figure of requests in a second. */
import type { Figure, Target } from './figure.ts'
import { CONNECTIONS, drive, type Request } from './load/driver.ts'
import { measurePairs, type Pairs } from './pairs.ts'

const ROUNDS = 7
const SECONDS_PER_SLICE = 2

/** One side of a comparison. */
export interface Side {
  readonly base: string
  /** Asked in turn, over and over. */
  readonly requests: readonly Request[]
}

export interface Comparison {
  readonly name: string
  readonly subject: Side
  readonly reference: Side
  /** What the reference is, in a few words. */
  readonly against: string
  readonly target?: (pairs: Pairs) => Target
}

/** Measures a comparison; the ratio is that of the rates. */
export async function measureBeside(comparison: Comparison): Promise<Figure> {
  const { name, subject, reference, against, target } = comparison
  const pairs = await measurePairs(
    ROUNDS,
    () => rateOf(subject),
    () => rateOf(reference),
  )
  return {
    name,
    value: pairs.subject,
    unit: 'requests/s',
    reference: pairs.reference,
    against,
    ratio: pairs.ratio,
    ...(target && { target: target(pairs) }),
  }
}

async function rateOf({ base, requests }: Side): Promise<number> {
  const { perSecond } = await drive({
    base,
    requests,
    connections: CONNECTIONS,
    manner: 'repeat',
    seconds: SECONDS_PER_SLICE,
  })
  return perSecond
}
