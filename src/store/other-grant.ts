/** Another grant by which an app has what a decision allowed: the app on a second device, or the same one allowed twice. */
import type { UserGrant } from '../authorization/grant.ts'
import type { ConsentKey } from '../authorization/remembered-consent.ts'
import type { SqlReader } from './sql.ts'

/** No access token lives longer: without a refresh token a grant is of no use afterwards. */
const LONGEST_ACCESS = 60 * 60 * 1000

/** The id of a grant about the same that is in force beside the one that ends, and can still be used; nothing where there is none. */
export async function findOtherGrant(
  tx: SqlReader,
  { userId, clientId, patient, launch }: ConsentKey,
  ending: string,
  now: number,
): Promise<string | undefined> {
  const rows = await tx.all<{ data: string }>(
    `SELECT data FROM grants g WHERE user_id = ? AND client_id = ? AND ended_at IS NULL AND id <> ?
       AND (created_at > ? OR EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.grant_id = g.id AND r.used_at IS NULL))
     ORDER BY created_at DESC`,
    ...[userId, clientId, ending, now - LONGEST_ACCESS],
  )
  const grants = rows.map(({ data }) => JSON.parse(data) as UserGrant)
  return grants.find((one) => one.context.patient === patient && (one.launch ?? launch) === launch)?.id
}
