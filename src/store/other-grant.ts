/** Another grant by which an app has what a decision allowed: the app on a second device, or the same one allowed twice. */
import type { UserGrant } from '../authorization/grant.ts'
import type { ConsentKey } from '../authorization/remembered-consent.ts'
import type { SqlReader } from './sql.ts'
import { ofUser } from './whose-grants.ts'

/** No access token lives longer: without a refresh token a grant is of no use afterwards. */
const LONGEST_ACCESS = 60 * 60 * 1000

/** A grant that can still be used. */
export interface OtherGrant {
  readonly id: string
  /** When it is of no use any more; absent where it can be refreshed. Milliseconds since 1970. */
  readonly until?: number
}

interface Row {
  readonly data: string
  readonly kept: number
}

/** The grant about the same that is in force beside the one that ends, the one that can be refreshed first; nothing where there is none. */
export async function findOtherGrant(
  tx: SqlReader,
  { userId, clientId, patient, launch }: ConsentKey,
  ending: string,
  now: number,
): Promise<OtherGrant | undefined> {
  const rows = await tx.all<Row>(
    `SELECT data, kept FROM (
       SELECT data, created_at, CASE WHEN EXISTS (
         SELECT 1 FROM refresh_tokens r WHERE r.grant_id = g.id AND r.used_at IS NULL) THEN 1 ELSE 0 END AS kept
       FROM grants g WHERE ${ofUser} AND client_id = ? AND ended_at IS NULL AND id <> ?) AS others
     WHERE kept = 1 OR created_at > ? ORDER BY kept DESC, created_at DESC`,
    ...[userId, clientId, ending, now - LONGEST_ACCESS],
  )
  for (const { data, kept } of rows) {
    const { id, createdAt, context, launch: by = launch } = JSON.parse(data) as UserGrant
    if (context.patient !== patient || by !== launch) continue
    return Number(kept) === 1 ? { id } : { id, until: createdAt + LONGEST_ACCESS }
  }
  return undefined
}
