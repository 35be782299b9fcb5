/** The end of sessions, for whatever reason: what lies ready of them ends in the same transaction. */
import { dropCodes } from './codes.ts'
import type { SqlValue, SqlWriter } from './sql.ts'

/** Of a session that has ended. */
export interface EndedSession {
  readonly id: string
  readonly account_id: string
}

/** Ends the sessions of which the condition holds, and with them the codes that were given in them and that nobody has redeemed. */
export async function endSessions(
  tx: SqlWriter,
  condition: string,
  ...values: SqlValue[]
): Promise<EndedSession[]> {
  const text = `DELETE FROM sessions WHERE ${condition} RETURNING id, account_id`
  const ended = await tx.all<EndedSession>(text, ...values)
  const ids = new Set(ended.map(({ id }) => id))
  // Whether a code is over is for whoever redeems it to say: here none of them is needed any more.
  if (ids.size > 0) await dropCodes(tx, 0, ({ grant }) => ids.has(grant.sessionId))
  return ended
}
