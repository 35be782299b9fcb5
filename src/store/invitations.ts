/** Activation codes, by their hashes. */
import type { Invitation, InvitationStore } from '../identity/providers/ports.ts'
import type { Recording } from './audit.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'

export const invitationMigrations: readonly Migration[] = [
  {
    id: 'invitations-0001',
    sql: `CREATE TABLE invitations (
      hash TEXT PRIMARY KEY,
      patient TEXT NOT NULL,
      made_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      failures INTEGER NOT NULL,
      used_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX invitations_by_expiry ON invitations (expires_at);
    CREATE INDEX invitations_by_patient ON invitations (patient)`,
  },
]

/** So many wrong answers end a code: whoever has it by accident does not guess the rest. */
const MOST_FAILURES = 5
const open = `used_at IS NULL AND failures < ${MOST_FAILURES} AND expires_at > ?`

interface InvitationRow {
  readonly hash: string
  readonly patient: string
  readonly made_at: number
  readonly expires_at: number
}

/** The store of activation codes over a database that has its table. */
export function createInvitationStore(sql: Sql, { append, inTurn }: Recording): InvitationStore {
  return {
    add: (invitation, told) =>
      sql.write(
        async (tx) => {
          const { hash, patient, madeAt, expiresAt } = invitation
          await endOpen(tx, patient, madeAt)
          await tx.run(
            'INSERT INTO invitations (hash, patient, made_at, expires_at, failures) VALUES (?, ?, ?, ?, 0)',
            hash,
            patient,
            madeAt,
            expiresAt,
          )
          await append(tx, [{ time: madeAt, event: told }])
        },
        { inTurn },
      ),
    async find(hash, now) {
      const text = `SELECT * FROM invitations WHERE hash = ? AND ${open}`
      const row = await sql.get<InvitationRow>(text, hash, now)
      return row && invitationOf(row)
    },
    async fail(hash) {
      await sql.write((tx) => tx.run('UPDATE invitations SET failures = failures + 1 WHERE hash = ?', hash))
    },
    async list(now) {
      const text = `SELECT * FROM invitations WHERE ${open} ORDER BY made_at DESC, patient`
      return (await sql.all<InvitationRow>(text, now)).map(invitationOf)
    },
    withdraw: (patient, told, now) =>
      sql.write(
        async (tx) => {
          if ((await endOpen(tx, patient, now)) === 0) return false
          await append(tx, [{ time: now, event: told }])
          return true
        },
        { inTurn },
      ),
    async sweep(now) {
      await sql.write((tx) => tx.run('DELETE FROM invitations WHERE expires_at <= ?', now))
    },
  }
}

/** Uses a code up; false when it is used, over or withdrawn. Of two at once the database lets one. */
export async function useInvitation(tx: SqlWriter, hash: string, now: number): Promise<boolean> {
  const text = `UPDATE invitations SET used_at = ? WHERE hash = ? AND ${open}`
  return (await tx.run(text, now, hash, now)).changes > 0
}

async function endOpen(tx: SqlWriter, patient: string, now: number): Promise<number> {
  const text = `UPDATE invitations SET used_at = ? WHERE patient = ? AND ${open}`
  return (await tx.run(text, now, patient, now)).changes
}

function invitationOf(row: InvitationRow): Invitation {
  return { hash: row.hash, patient: row.patient, madeAt: row.made_at, expiresAt: row.expires_at }
}
