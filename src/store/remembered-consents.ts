/** What people decided about apps; written, and relied on, in the transaction that ends a flow with its code. */
import type {
  ConsentBasis,
  ConsentKey,
  RememberedConsent,
  RememberedConsentStore,
} from '../authorization/remembered-consent.ts'
import type { Migration } from './migrations.ts'
import type { Sql, SqlWriter } from './sql.ts'

export const rememberedConsentMigrations: readonly Migration[] = [
  {
    id: 'remembered-consents-0001',
    sql: `CREATE TABLE remembered_consents (
      user_id TEXT NOT NULL,
      client_id TEXT NOT NULL,
      patient TEXT NOT NULL,
      launch TEXT NOT NULL,
      decided_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      relied_at INTEGER,
      data TEXT NOT NULL,
      PRIMARY KEY (user_id, client_id, patient, launch)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX remembered_consents_by_expiry ON remembered_consents (expires_at)`,
  },
]

const byKey = 'user_id = ? AND client_id = ? AND patient = ? AND launch = ?'

/** In the place of the patient where there is none: no record has an empty id. */
function valuesOf({ userId, clientId, patient = '', launch }: ConsentKey): string[] {
  return [userId, clientId, patient, launch]
}

/** The store over a database that has its table. */
export function createRememberedConsentStore(sql: Sql): RememberedConsentStore {
  return {
    async find(key) {
      const text = `SELECT data FROM remembered_consents WHERE ${byKey}`
      const row = await sql.get<{ data: string }>(text, ...valuesOf(key))
      return row && JSON.parse(row.data)
    },
    async listOf(userId, now) {
      const rows = await sql.all<{ data: string }>(
        'SELECT data FROM remembered_consents WHERE user_id = ? AND expires_at > ? ORDER BY decided_at DESC',
        userId,
        now,
      )
      return rows.map(({ data }) => JSON.parse(data) as RememberedConsent)
    },
    async forget(userId, clientId) {
      await sql.write((tx) => forgetConsents(tx, userId, clientId))
    },
    async sweep(now) {
      await sql.write((tx) => tx.run('DELETE FROM remembered_consents WHERE expires_at <= ?', now))
    },
  }
}

/** Forgets all that a person decided about an app. */
export async function forgetConsents(tx: SqlWriter, userId: string, clientId: string): Promise<void> {
  await tx.run('DELETE FROM remembered_consents WHERE user_id = ? AND client_id = ?', userId, clientId)
}

/** Stores a decision in the place of an earlier one, or says whether the one relied on still stands. */
export async function settleConsent(tx: SqlWriter, basis: ConsentBasis): Promise<boolean> {
  if ('relyOn' in basis) {
    // Written and not only read: who takes it back at the same time waits for this row, or this waits for them.
    const text = `UPDATE remembered_consents SET relied_at = ? WHERE ${byKey} AND decided_at = ? AND expires_at > ?`
    const { relyOn, at } = basis
    return (await tx.run(text, at, ...valuesOf(relyOn), relyOn.decidedAt, at)).changes > 0
  }
  const { remember } = basis
  await tx.run(
    `INSERT INTO remembered_consents (user_id, client_id, patient, launch, decided_at, expires_at, data)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, client_id, patient, launch)
     DO UPDATE SET decided_at = excluded.decided_at, expires_at = excluded.expires_at, relied_at = NULL, data = excluded.data`,
    ...valuesOf(remember),
    remember.decidedAt,
    remember.expiresAt,
    JSON.stringify(remember),
  )
  return true
}
