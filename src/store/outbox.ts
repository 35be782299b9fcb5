/** Letters that wait to be sent. */
import type { OutboxStore, QueuedLetter } from '../identity/mail/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

export const outboxMigrations: readonly Migration[] = [
  {
    id: 'outbox-0001',
    sql: `CREATE TABLE outbox (
      id TEXT PRIMARY KEY,
      letter TEXT NOT NULL,
      posted_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      tries INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX outbox_by_due ON outbox (due_at)`,
  },
]

interface OutboxRow {
  readonly id: string
  readonly letter: string
  readonly posted_at: number
  readonly tries: number
}

/** The outbox over a database that has its table. */
export function createOutboxStore(sql: Sql): OutboxStore {
  return {
    async add({ id, letter, postedAt, tries }) {
      await sql.write((tx) =>
        tx.run(
          'INSERT INTO outbox (id, letter, posted_at, due_at, tries) VALUES (?, ?, ?, ?, ?)',
          id,
          JSON.stringify(letter),
          postedAt,
          postedAt,
          tries,
        ),
      )
    },
    async claim(now, until) {
      // Most of the time nothing waits, and looking costs no commit.
      const due = await sql.get('SELECT 1 AS due FROM outbox WHERE due_at <= ?', now)
      if (due === undefined) return undefined
      const row = await sql.write((tx) =>
        tx.get<OutboxRow>(
          `UPDATE outbox SET due_at = ?, tries = tries + 1 WHERE id = (
            SELECT id FROM outbox WHERE due_at <= ? ORDER BY due_at, id LIMIT 1) RETURNING *`,
          until,
          now,
        ),
      )
      return row && queuedOf(row)
    },
    async remove(id) {
      await sql.write((tx) => tx.run('DELETE FROM outbox WHERE id = ?', id))
    },
    async postpone(id, at) {
      await sql.write((tx) => tx.run('UPDATE outbox SET due_at = ? WHERE id = ?', at, id))
    },
  }
}

function queuedOf(row: OutboxRow): QueuedLetter {
  return {
    id: row.id,
    letter: JSON.parse(row.letter) as QueuedLetter['letter'],
    postedAt: row.posted_at,
    tries: row.tries - 1,
  }
}
