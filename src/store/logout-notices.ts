/** Logout notices that wait to be delivered, and for some time those that do no more: an app is told of a session once. */
import type { LogoutNotice, LogoutNoticeStore } from '../authorization/logout/notice.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'

export const logoutNoticeMigrations: readonly Migration[] = [
  {
    id: 'logout-notices-0001',
    sql: `CREATE TABLE logout_notices (
      id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL,
      user_id TEXT NOT NULL,
      sid TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      due_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX logout_notices_by_due ON logout_notices (due_at)`,
  },
  {
    id: 'logout-notices-0002',
    sql: `ALTER TABLE logout_notices ADD COLUMN finished_at INTEGER;
    CREATE INDEX logout_notices_finished ON logout_notices (finished_at) WHERE finished_at IS NOT NULL`,
  },
  {
    id: 'logout-notices-0003',
    sql: `CREATE TABLE ended_sessions (
      id TEXT PRIMARY KEY,
      account_id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID`,
  },
]

/** Of what is finished: no time is after it. */
const NEVER = Number.MAX_SAFE_INTEGER

const columns = ['id', 'client_id', 'user_id', 'sid', 'attempts', 'due_at']

interface NoticeRow {
  readonly id: string
  readonly client_id: string
  readonly user_id: string
  readonly sid: string
  readonly attempts: number
  readonly due_at: number
}

/** A row of `ended_sessions`. */
export interface EndedRow {
  readonly id: string
  readonly account_id: string
}

/** Written where sessions end, in the same transaction: whom to tell is found out afterwards, by whichever node comes to it. */
export async function noteEnded(tx: SqlWriter, ended: readonly EndedRow[]): Promise<void> {
  const rows = ended.map(({ id, account_id }) => [id, account_id])
  if (rows.length > 0) await tx.insertAll('ended_sessions', ['id', 'account_id'], rows)
}

/** The store of logout notices over a database that has its table. */
export function createLogoutNoticeStore(sql: Sql): LogoutNoticeStore {
  return {
    async ended(most) {
      const rows = await sql.all<EndedRow>('SELECT id, account_id FROM ended_sessions LIMIT ?', most)
      return rows.map(({ id, account_id }) => ({ id, userId: account_id }))
    },
    async addAll(notices, { id }) {
      const rows = notices.map((one) => [one.id, one.clientId, one.userId, one.sid, one.attempts, one.dueAt])
      await sql.write(async (tx) => {
        if (rows.length > 0) await tx.insertAll('logout_notices', columns, rows)
        await tx.run('DELETE FROM ended_sessions WHERE id = ?', id)
      })
    },
    async take(now, leasedUntil, most) {
      const text = 'SELECT * FROM logout_notices WHERE due_at <= ? ORDER BY due_at LIMIT ?'
      // Most often there is nothing to do, and then nothing is written.
      if (!(await sql.get(text, now, 1))) return []
      return sql.write(async (tx) => {
        const taken: LogoutNotice[] = []
        for (const row of await tx.all<NoticeRow>(text, now, most)) {
          const { changes } = await tx.run(
            'UPDATE logout_notices SET due_at = ? WHERE id = ? AND due_at = ?',
            leasedUntil,
            row.id,
            row.due_at,
          )
          if (changes > 0) taken.push(noticeOf(row))
        }
        return taken
      })
    },
    async postpone(id, attempts, dueAt) {
      await sql.write((tx) =>
        tx.run('UPDATE logout_notices SET attempts = ?, due_at = ? WHERE id = ?', attempts, dueAt, id),
      )
    },
    async finish(id, now) {
      const text = 'UPDATE logout_notices SET finished_at = ?, due_at = ? WHERE id = ?'
      await sql.write((tx) => tx.run(text, now, NEVER, id))
    },
    async sweep(finishedBefore) {
      await sql.write((tx) => tx.run('DELETE FROM logout_notices WHERE finished_at <= ?', finishedBefore))
    },
  }
}

function noticeOf({ id, client_id, user_id, sid, attempts, due_at }: NoticeRow): LogoutNotice {
  return { id, clientId: client_id, userId: user_id, sid, attempts, dueAt: due_at }
}
