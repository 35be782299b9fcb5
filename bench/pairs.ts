import { median } from './figure.ts'

export interface Pairs {
  readonly subject: number
  readonly reference: number
  /** The median of subject over reference, slice by slice: what slows the machine for a while slows both. */
  readonly ratio: number
}

type Slice = () => Promise<number>

/**
 * Measures two things in turn, slice by slice, after `warmUp` slices of each that do not count; which goes first changes
 * every time.
 */
export async function measurePairs(
  rounds: number,
  subject: Slice,
  reference: Slice,
  warmUp = 1,
): Promise<Pairs> {
  for (let slice = 0; slice < warmUp; slice++) {
    await subject()
    await reference()
  }
  const pairs: { readonly subject: number; readonly reference: number }[] = []
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) pairs.push({ subject: await subject(), reference: await reference() })
    else {
      const first = await reference()
      pairs.push({ subject: await subject(), reference: first })
    }
  }
  return {
    subject: median(pairs.map((pair) => pair.subject)),
    reference: median(pairs.map((pair) => pair.reference)),
    ratio: median(pairs.map((pair) => pair.subject / pair.reference)),
  }
}
