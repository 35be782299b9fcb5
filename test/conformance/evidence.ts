import { readCitations } from './citations.ts'
import { readPending, readRequirements, readWaived } from './requirements.ts'
import type { Evidence } from './table.ts'

/** Everything that the project's files say of its proofs. */
export function readEvidence(): Evidence {
  return {
    requirements: readRequirements(),
    citations: readCitations(),
    waived: readWaived(),
    pending: readPending(),
  }
}
