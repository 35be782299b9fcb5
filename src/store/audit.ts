/** The audit trail: an append-only table; its triggers refuse change and removal. */
import type { AuditRecord, AuditStore } from '../audit/trail.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

export const auditMigrations: readonly Migration[] = [
  {
    id: 'audit-0001',
    sql: `
      CREATE TABLE audit (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        event TEXT NOT NULL
      ) STRICT;`,
    only: {
      sqlite: `
        CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit
          BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
        CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit
          BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;`,
      postgres: `
        CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
          'BEGIN RAISE EXCEPTION ''the audit trail is append-only''; END';
        CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
          FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();`,
    },
  },
]

/** A record as it was kept, with its place in the trail. */
export interface KeptRecord extends AuditRecord {
  readonly seq: number
}

/** The trail's store, and a reader of what came after a given place. */
export interface SqlAudit extends AuditStore {
  /** Up to `limit` records after the place `after` (0 is the start), oldest first. */
  list(after: number, limit: number): Promise<KeptRecord[]>
}

/** The trail's store over a database that has its table. */
export function createAuditStore(sql: Sql): SqlAudit {
  function append(records: readonly AuditRecord[]): Promise<void> {
    const rows = records.map(({ time, event }) => [time, JSON.stringify(event)])
    // One after another: a reader that saw a place has seen all before it.
    return sql.write((tx) => tx.insertAll('audit', ['time', 'event'], rows), { inTurn: 'audit' })
  }

  async function list(after: number, limit: number): Promise<KeptRecord[]> {
    const rows = await sql.all<{ seq: number; time: number; event: string }>(
      'SELECT seq, time, event FROM audit WHERE seq > ? ORDER BY seq LIMIT ?',
      after,
      limit,
    )
    return rows.map((row) => ({ seq: row.seq, time: row.time, event: JSON.parse(row.event) }))
  }

  return { append, list }
}
