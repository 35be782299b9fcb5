/** Grants as an administrator looks for them: whose, of which app, still in force or not; and their end, with its record. */
import type { AuditEvent } from '../audit/event.ts'
import type { GrantRecord } from '../authorization/grant.ts'
import type { Recording } from './audit.ts'
import type { DecisionRecords } from './decision-records.ts'
import { forgetConsents } from './remembered-consents.ts'
import type { Sql, SqlValue } from './sql.ts'

export interface GrantFilter {
  readonly clientId?: string
  readonly userId?: string
  /** Also those that have ended. */
  readonly ended?: boolean
}

/** A grant, and when it ended. */
export interface ListedGrant {
  readonly grant: GrantRecord
  readonly endedAt?: number
}

export interface GrantList {
  /** The newest first, `limit` at most. */
  list(filter: GrantFilter, limit: number): Promise<ListedGrant[]>
  /** Ends those that are in force, and forgets what their people decided about the app, each put on record in the same transaction; gives how many. */
  end(
    filter: GrantFilter & { readonly id?: string },
    now: number,
    told: (grant: GrantRecord) => AuditEvent,
  ): Promise<number>
}

interface Row {
  readonly data: string
  readonly ended_at: number | null
}

/** The list over a database that has the tables of grants. */
export function createGrantList(
  sql: Sql,
  { append, inTurn }: Recording,
  decisions: DecisionRecords,
): GrantList {
  return {
    async list(filter, limit) {
      const { text, values } = where(filter)
      const rows = await sql.all<Row>(
        `SELECT data, ended_at FROM grants WHERE ${text} ORDER BY created_at DESC, id LIMIT ?`,
        ...values,
        limit,
      )
      return rows.map(({ data, ended_at }) => ({
        grant: JSON.parse(data) as GrantRecord,
        ...(ended_at !== null && { endedAt: ended_at }),
      }))
    },
    end: (filter, now, told) =>
      decisions.write(
        async (tx, records) => {
          const { text, values } = where({ ...filter, ended: false })
          const rows = await tx.all<Row>(`SELECT data, ended_at FROM grants WHERE ${text}`, ...values)
          const grants = rows.map(({ data }) => JSON.parse(data) as GrantRecord)
          for (const { id, userId, clientId } of grants) {
            await tx.run('UPDATE grants SET ended_at = ? WHERE id = ?', now, id)
            if (userId !== undefined) await forgetConsents(tx, records, { userId, clientId }, now)
          }
          if (grants.length > 0)
            await append(
              tx,
              grants.map((grant) => ({ time: now, event: told(grant) })),
            )
          return grants.length
        },
        { inTurn },
      ),
  }
}

function where(filter: GrantFilter & { readonly id?: string }): { text: string; values: SqlValue[] } {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['id = ?', filter.id],
    ['client_id = ?', filter.clientId],
    ['user_id = ?', filter.userId],
  ]
  const asked = parts.filter((part): part is readonly [string, string] => part[1] !== undefined)
  const conditions = [...asked.map(([text]) => text), ...(filter.ended ? [] : ['ended_at IS NULL'])]
  return {
    text: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '),
    values: asked.map(([, value]) => value),
  }
}
