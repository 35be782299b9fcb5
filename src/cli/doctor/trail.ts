/** Whether the whole audit trail is as it was written. */
import type { Checkpoint } from '../../audit/chain.ts'
import { type ChainReport, type ChainSource, verifyChain } from '../../audit/verify-chain.ts'
import type { Finding } from './check.ts'

/** Verifies the chain; progress goes to a person who waits. */
export function verifyTrail(
  chain: ChainSource,
  expected: Checkpoint | undefined,
  tell: (records: number) => void,
): Promise<ChainReport> {
  return verifyChain(chain, { onProgress: tell, ...(expected && { expected }) })
}

/** A report as a finding. */
export function told({ records, broken }: ChainReport): Finding {
  return broken
    ? { ok: false, detail: `broken at record ${broken.seq}: ${broken.problem}` }
    : { ok: true, detail: `${records} records, each as it was written` }
}

/** Reads a noted head, `SEQ:HASH`; nothing when it is none. */
export function parseHead(text: string): Checkpoint | undefined {
  const found = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text.trim())
  return found?.[1] && found[2] ? { seq: Number(found[1]), hash: found[2].toLowerCase() } : undefined
}

/** Writes a head so that {@link parseHead} reads it back. */
export function formatHead({ seq, hash }: Checkpoint): string {
  return `${seq}:${hash}`
}
