/** Ends the oldest part of the audit trail in pieces, each a short transaction, so that requests come through in between. */
import type { TrailStore } from '../store/audit.ts'

const recordsAtOnce = 500
/** Of one sweep; what is left waits for the next. */
const mostPieces = 100

/** Removes records from before `before`, in milliseconds since 1970; gives how many. */
export async function expireTrail(trail: Pick<TrailStore, 'expire'>, before: number): Promise<number> {
  let removed = 0
  for (let piece = 0; piece < mostPieces; piece++) {
    const some = await trail.expire(before, recordsAtOnce)
    removed += some
    if (some < recordsAtOnce) break
  }
  return removed
}
