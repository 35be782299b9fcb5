/** The audit trail in SQLite: an append-only table; its triggers refuse change and removal. */
import type { AuditRecord, AuditStore } from '../audit/trail.ts'
import { type Migration, migrate } from './migrations.ts'
import type { Database } from './sqlite/database.ts'

const migrations: readonly Migration[] = [
  {
    id: 'audit-0001',
    sql: `
      CREATE TABLE audit (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        event TEXT NOT NULL
      ) STRICT;
      CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
      CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit
        BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;`,
  },
]

/** A record as it was kept, with its place in the trail. */
export interface KeptRecord extends AuditRecord {
  readonly seq: number
}

/** The trail's store, and a reader of what came after a given place. */
export interface SqliteAudit extends AuditStore {
  /** Up to `limit` records after the place `after` (0 is the start), oldest first. */
  list(after: number, limit: number): KeptRecord[]
}

/** Makes the table where it is missing and gives the store. */
export function createAuditStore(db: Database): SqliteAudit {
  migrate(db, migrations)
  const insert = 'INSERT INTO audit (time, event) VALUES (?, ?)'

  function append(records: readonly AuditRecord[]): Promise<void> {
    return db.together(() => {
      for (const { time, event } of records) db.run(insert, time, JSON.stringify(event))
    })
  }

  function list(after: number, limit: number): KeptRecord[] {
    const rows = db.all<{ seq: number; time: number; event: string }>(
      'SELECT seq, time, event FROM audit WHERE seq > ? ORDER BY seq LIMIT ?',
      after,
      limit,
    )
    return rows.map((row) => ({ seq: row.seq, time: row.time, event: JSON.parse(row.event) }))
  }

  return { append, list }
}
