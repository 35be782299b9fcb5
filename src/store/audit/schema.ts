/**
 * The tables of the audit trail. Triggers refuse every change but three: giving a record of an older database its digest,
 * moving the checkpoint on to a record that is there, and removing what lies up to the checkpoint.
 */
import type { Migration } from '../migrations.ts'

const appendOnly = 'the audit trail is append-only'

const chainTables = `
  ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
  CREATE INDEX audit_times ON audit (time, seq);
  CREATE INDEX audit_unchained ON audit (seq) WHERE hash = '';
  CREATE TABLE audit_patients (
    patient TEXT NOT NULL,
    time INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (patient, time, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE audit_checkpoint (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  INSERT INTO audit_checkpoint (one, seq, hash) VALUES (1, 0, '${'0'.repeat(64)}');`

const sqliteTriggers = `
  DROP TRIGGER audit_no_change;
  DROP TRIGGER audit_no_removal;
  CREATE TRIGGER audit_no_change BEFORE UPDATE ON audit
    WHEN OLD.hash <> '' OR NEW.seq <> OLD.seq OR NEW.time <> OLD.time OR NEW.event <> OLD.event
    BEGIN SELECT RAISE(ABORT, '${appendOnly}'); END;
  CREATE TRIGGER audit_no_removal BEFORE DELETE ON audit
    WHEN OLD.seq > coalesce((SELECT seq FROM audit_checkpoint), 0)
    BEGIN SELECT RAISE(ABORT, '${appendOnly}'); END;
  CREATE TRIGGER audit_checkpoint_moves BEFORE UPDATE ON audit_checkpoint
    WHEN NEW.seq <= OLD.seq OR NOT EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND hash = NEW.hash)
    BEGIN SELECT RAISE(ABORT, '${appendOnly}'); END;
  CREATE TRIGGER audit_checkpoint_stays BEFORE DELETE ON audit_checkpoint
    BEGIN SELECT RAISE(ABORT, '${appendOnly}'); END;`

const postgresTriggers = `
  DROP TRIGGER audit_no_change ON audit;
  CREATE FUNCTION check_audit_change() RETURNS trigger LANGUAGE plpgsql AS '
    BEGIN
      IF TG_OP = ''UPDATE'' THEN
        IF OLD.hash = '''' AND NEW.seq = OLD.seq AND NEW.time = OLD.time AND NEW.event = OLD.event THEN
          RETURN NEW;
        END IF;
      ELSIF OLD.seq <= coalesce((SELECT seq FROM audit_checkpoint), 0) THEN
        RETURN OLD;
      END IF;
      RAISE EXCEPTION ''${appendOnly}'';
    END';
  CREATE FUNCTION check_audit_checkpoint() RETURNS trigger LANGUAGE plpgsql AS '
    BEGIN
      IF NEW.seq > OLD.seq AND EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq AND hash = NEW.hash) THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION ''${appendOnly}'';
    END';
  CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION check_audit_change();
  CREATE TRIGGER audit_no_truncation BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
  CREATE TRIGGER audit_checkpoint_moves BEFORE UPDATE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION check_audit_checkpoint();
  CREATE TRIGGER audit_checkpoint_stays BEFORE DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();`

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
  { id: 'audit-0002', sql: chainTables, only: { sqlite: sqliteTriggers, postgres: postgresTriggers } },
]
