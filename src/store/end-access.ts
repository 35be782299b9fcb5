/** The end of what apps hold of a person, when the account is closed or becomes somebody else's. */
import type { Links } from '../identity/account.ts'
import type { DecisionWriter } from './decision-records.ts'
import { forgetConsents } from './remembered-consents.ts'
import type { SqlWriter } from './sql.ts'
import { ofUser } from './whose-grants.ts'

/** Whether a record is no longer theirs, or another is what they are called by: what apps hold speaks of who they were. */
export function isSomebodyElse(before: Links, { records, fhirUser }: Links): boolean {
  return before.fhirUser !== fhirUser || before.records.some((reference) => !records.includes(reference))
}

/** Ends what apps hold of an account, and what was decided about them: from then on the person is asked again. `now` in milliseconds. */
export async function endAccess(
  tx: SqlWriter,
  records: DecisionWriter,
  accountId: string,
  now: number,
): Promise<void> {
  await tx.run(`UPDATE grants SET ended_at = ? WHERE ${ofUser} AND ended_at IS NULL`, now, accountId)
  await forgetConsents(tx, records, { userId: accountId }, now)
}
