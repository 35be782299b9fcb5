/** Verifies the whole chain, some records at a time, and finds the first that does not fit. */
import { type Checkpoint, hashOf, type Link } from './chain.ts'

/** The chain as a store gives it. */
export interface ChainSource {
  /** Where the kept part begins. */
  checkpoint(): Promise<Checkpoint>
  /** Up to `limit` records after the place `after`, oldest first. */
  links(after: number, limit: number): Promise<Link[]>
}

export interface ChainReport {
  /** The number of records that were looked at. */
  readonly records: number
  /** The last record, or the checkpoint when there is none. */
  readonly head: Checkpoint
  /** The first record that does not fit, and what is wrong with it. */
  readonly broken?: { readonly seq: number; readonly problem: string }
}

export interface VerifyOptions {
  /** The head as it was noted before: it has to be in the chain still. */
  readonly expected?: Checkpoint
  /** Hears how many records were looked at so far. */
  readonly onProgress?: (records: number) => void
}

const linksAtOnce = 1000

/** Verifies every record from the checkpoint on. */
export async function verifyChain(source: ChainSource, options: VerifyOptions = {}): Promise<ChainReport> {
  const { expected, onProgress } = options
  const start = await source.checkpoint()
  let head = start
  let records = 0
  let met = isSame(expected, start)
  for (;;) {
    const links = await source.links(head.seq, linksAtOnce)
    for (const link of links) {
      const problem = problemOf(link, head)
      if (problem) return { records, head, broken: { seq: link.seq, problem } }
      head = { seq: link.seq, hash: link.hash }
      met ||= isSame(expected, head)
      records++
    }
    if (links.length === 0) break
    onProgress?.(records)
  }
  if (!expected || met) return { records, head }
  return { records, head, broken: { seq: expected.seq, problem: missing(expected, start, head) } }
}

function problemOf(link: Link, previous: Checkpoint): string | undefined {
  if (link.hash === hashOf(previous.hash, link)) return undefined
  return link.seq === previous.seq + 1
    ? `record ${link.seq} was changed, or the record before it was replaced`
    : `records ${previous.seq + 1} to ${link.seq - 1} are missing`
}

function isSame(expected: Checkpoint | undefined, { seq, hash }: Checkpoint): boolean {
  return expected?.seq === seq && expected.hash === hash
}

function missing(expected: Checkpoint, start: Checkpoint, head: Checkpoint): string {
  if (expected.seq > head.seq)
    return `the noted record ${expected.seq} is not there: the trail ends at ${head.seq}`
  if (expected.seq < start.seq)
    return `the noted record ${expected.seq} was removed when its time was over: note a newer head`
  return `record ${expected.seq} is not the one that was noted`
}
