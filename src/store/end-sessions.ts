/** The end of sessions, for whatever reason: what lies ready of them ends in the same transaction, and their apps come to hear of it. */
import { dropCodes } from './codes.ts'
import { type EndedRow, noteEnded } from './logout-notices.ts'
import type { SqlValue, SqlWriter } from './sql.ts'

/** Ends the sessions of which the condition holds, and with them the codes that were given in them and that nobody has redeemed. */
export async function endSessions(
  tx: SqlWriter,
  condition: string,
  ...values: SqlValue[]
): Promise<EndedRow[]> {
  const text = `DELETE FROM sessions WHERE ${condition} RETURNING id, account_id`
  const ended = await tx.all<EndedRow>(text, ...values)
  const ids = new Set(ended.map(({ id }) => id))
  // Whether a code is over is for whoever redeems it to say: here none of them is needed any more.
  if (ids.size > 0) await dropCodes(tx, 0, ({ grant }) => ids.has(grant.sessionId))
  await noteEnded(tx, ended)
  return ended
}
