/** Grants as an administrator looks for them: whose, of which app, still in force or not; and their end, with its record. */
import type { AuditEvent } from '../audit/event.ts'
import type { GrantRecord } from '../authorization/grant.ts'
import type { Recording } from './audit.ts'
import type { DecisionRecords } from './decision-records.ts'
import { type Decided, type Forgotten, forgetConsents } from './remembered-consents.ts'
import type { Sql, SqlValue } from './sql.ts'
import { ofUser } from './whose-grants.ts'

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
  /**
   * Ends the grant of that id, or all of an app, a person, or both, and forgets with it what was decided: also where no
   * grant is in force, for what is remembered, or lies ready as a code, would give the next one. All of it is put on record
   * in the same transaction.
   */
  end(filter: Ending, now: number, told: Told): Promise<Ended>
}

/** What is to end. */
export interface Ending {
  readonly id?: string
  readonly clientId?: string
  readonly userId?: string
}

/** How an end is put on record: that of each grant, and that decisions and codes were forgotten. */
export interface Told {
  readonly grant: (grant: GrantRecord) => AuditEvent
  readonly decisions: (decided: Decided, forgotten: Forgotten) => AuditEvent
}

/** How many grants were ended, and what was forgotten. */
export interface Ended extends Forgotten {
  readonly revoked: number
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
          const { text, values } = where(filter)
          const grants = (
            await tx.all<Row>(`SELECT data, ended_at FROM grants WHERE ${text}`, ...values)
          ).map(({ data }) => JSON.parse(data) as GrantRecord)
          for (const { id } of grants) await tx.run('UPDATE grants SET ended_at = ? WHERE id = ?', now, id)
          const events = grants.map(told.grant)
          let [decisions, codes] = [0, 0]
          for (const decided of decidedOf(filter, grants)) {
            const forgotten = await forgetConsents(tx, records, decided, now)
            decisions += forgotten.decisions
            codes += forgotten.codes
            if (forgotten.decisions + forgotten.codes > 0) events.push(told.decisions(decided, forgotten))
          }
          if (events.length > 0)
            await append(
              tx,
              events.map((event) => ({ time: now, event })),
            )
          return { revoked: grants.length, decisions, codes }
        },
        { inTurn },
      ),
  }
}

/**
 * What to forget: what is asked for, whether grants came of it or not; of one grant, what its person decided about its app and
 * its record. What was decided about another record stands, as what the app holds of that does; and a Consent by which another
 * grant is in force.
 */
function decidedOf({ id, clientId, userId }: Ending, grants: readonly GrantRecord[]): readonly Decided[] {
  if (id !== undefined)
    return grants.flatMap(({ userId, clientId, context: { patient } }) =>
      userId === undefined
        ? []
        : [{ userId, clientId, ended: id, ...(patient !== undefined && { patient }) }],
    )
  if (userId === undefined) return clientId === undefined ? [] : [{ clientId }]
  return [clientId === undefined ? { userId } : { userId, clientId }]
}

function where(filter: GrantFilter & Ending): { text: string; values: SqlValue[] } {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['id = ?', filter.id],
    ['client_id = ?', filter.clientId],
    [ofUser, filter.userId],
  ]
  const asked = parts.filter((part): part is readonly [string, string] => part[1] !== undefined)
  const conditions = [...asked.map(([text]) => text), ...(filter.ended ? [] : ['ended_at IS NULL'])]
  return {
    text: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '),
    values: asked.map(([, value]) => value),
  }
}
