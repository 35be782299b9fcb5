/** Removes records whose time is over, from the start of the chain only; the checkpoint keeps the rest verifiable. */
import type { Link, TrailRules } from '../../audit/chain.ts'
import type { SqlWriter } from '../sql.ts'

/** Removes up to `limit` records from before `before` (milliseconds), in one transaction; gives how many there were. */
export async function expireRecords(
  tx: SqlWriter,
  before: number,
  limit: number,
  rules: TrailRules,
): Promise<number> {
  const oldest = await tx.all<Link>('SELECT seq, time, event, hash FROM audit ORDER BY seq LIMIT ?', limit)
  const young = oldest.findIndex(({ time }) => time >= before)
  const over = young < 0 ? oldest : oldest.slice(0, young)
  const last = over.at(-1)
  if (!last) return 0
  await tx.run('UPDATE audit_checkpoint SET seq = ?, hash = ?', last.seq, last.hash)
  for (const { time, seq, event } of over)
    for (const patient of rules.concernedBy(JSON.parse(event)))
      await tx.run(
        'DELETE FROM audit_patients WHERE patient = ? AND time = ? AND seq = ?',
        patient,
        time,
        seq,
      )
  await tx.run('DELETE FROM audit WHERE seq <= ?', last.seq)
  return over.length
}
