/** When people were last told of the apps that hold offline access. */
import type { ReminderStore } from '../authorization/offline-reminder.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

export const reminderMigrations: readonly Migration[] = [
  {
    id: 'reminders-0001',
    sql: `CREATE TABLE reminders (
      user_id TEXT PRIMARY KEY,
      told_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
  },
]

/** The store over a database that has its table. */
export function createReminderStore(sql: Sql): ReminderStore {
  return {
    // One statement, so that of two pages at once only one tells.
    isTurn: (userId, now, before) =>
      sql.write(async (tx) => {
        const text = `INSERT INTO reminders (user_id, told_at) VALUES (?, ?)
          ON CONFLICT (user_id) DO UPDATE SET told_at = excluded.told_at WHERE reminders.told_at <= ?`
        return (await tx.run(text, userId, now, before)).changes > 0
      }),
  }
}
