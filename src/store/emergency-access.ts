/** Exceptions that clinicians opened by breaking the glass. */
import type { EmergencyStore, StoredEmergency } from '../ehr/ports.ts'
import type { EmergencyAccess } from '../identity/ports.ts'
import type { Migration } from './migrations.ts'
import type { Sql } from './sql.ts'

export const emergencyMigrations: readonly Migration[] = [
  {
    id: 'emergency-access-0001',
    sql: `CREATE TABLE emergency_access (
      id TEXT PRIMARY KEY,
      user_id TEXT NOT NULL,
      patient TEXT NOT NULL,
      name TEXT NOT NULL,
      reason TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      ends_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX emergency_access_by_user ON emergency_access (user_id, ends_at);
    CREATE INDEX emergency_access_by_patient ON emergency_access (patient, opened_at);
    CREATE INDEX emergency_access_by_end ON emergency_access (ends_at)`,
  },
]

interface EmergencyRow {
  readonly id: string
  readonly user_id: string
  readonly patient: string
  readonly name: string
  readonly reason: string
  readonly opened_at: number
  readonly ends_at: number
}

/** Of one clinician at once; whoever opens more has the newest. */
const mostOpen = 100

/** The store over a database that has its table. */
export function createEmergencyStore(sql: Sql): EmergencyStore & EmergencyAccess {
  return {
    async add({ id, userId, patient, name, reason, openedAt, endsAt }) {
      await sql.write((tx) =>
        tx.run(
          'INSERT INTO emergency_access (id, user_id, patient, name, reason, opened_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
          ...[id, userId, patient, name, reason, openedAt, endsAt],
        ),
      )
    },
    async openFor(userId, now) {
      const rows = await sql.all<EmergencyRow>(
        'SELECT * FROM emergency_access WHERE user_id = ? AND ends_at > ? ORDER BY ends_at DESC, id LIMIT ?',
        ...[userId, now, mostOpen],
      )
      return [...new Set(rows.map(({ patient }) => patient))]
    },
    async ofPatient(patient, most) {
      const rows = await sql.all<EmergencyRow>(
        'SELECT * FROM emergency_access WHERE patient = ? ORDER BY opened_at DESC, id LIMIT ?',
        ...[patient, most],
      )
      return rows.map(emergencyOf)
    },
    async sweep(endedBefore) {
      await sql.write((tx) => tx.run('DELETE FROM emergency_access WHERE ends_at <= ?', endedBefore))
    },
  }
}

function emergencyOf(row: EmergencyRow): StoredEmergency {
  const { id, user_id: userId, patient, name, reason, opened_at: openedAt, ends_at: endsAt } = row
  return { id, userId, patient, name, reason, openedAt, endsAt }
}
